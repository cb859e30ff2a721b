/** Pictures as the trainer takes them: scaled until they fill the shape, centre cut out, PNG. */
import sharp from 'sharp';
import { type Bucket, SQUARE, sidesOf } from './aspect.ts';
import { type Decoded, openUntrusted, type Raster, upright } from './decode.ts';
import type { ImageLimits } from './limits.ts';

const PNG = { compressionLevel: 2 } as const;

/** `<extension>` → PNG, for each size that the picture has pixels for; the first size always. */
export async function outputPictures(
  bytes: Uint8Array,
  decoded: Decoded,
  sizes: readonly number[],
  limits: ImageLimits,
  bucket: Bucket = SQUARE,
): Promise<Map<string, Buffer>> {
  const pictures = new Map<string, Buffer>();
  for (const [place, size] of sizes.entries()) {
    if (place > 0 && Math.min(decoded.width, decoded.height) < size) continue;
    const [width, height] = bucket === SQUARE ? [size, size] : sidesOf(bucket, size);
    const source = suffices(decoded, width, height)
      ? ofRaster(decoded.working)
      : upright(openUntrusted(bytes, limits));
    const png = await source.resize(width, height, COVER).png(PNG).toBuffer();
    pictures.set(place === 0 ? 'png' : `${size}.png`, png);
  }
  return pictures;
}

/** Whether the working picture is the picture itself, or has pixels to spare: decoding again is most of the cost. */
function suffices({ working, ...whole }: Decoded, width: number, height: number): boolean {
  const spare = Math.min(working.width / width, working.height / height);
  return spare >= 1.4 || working.width === whole.width;
}

const COVER = { fit: 'cover', position: 'centre' } as const;

/** The picture as models see it: interleaved RGB bytes, square. */
export async function squarePixels(working: Raster, side: number): Promise<Uint8Array> {
  return await ofRaster(working).resize(side, side, COVER).raw().toBuffer();
}

const ofRaster = ({ width, height, rgb }: Raster) => sharp(rgb, { raw: { width, height, channels: 3 } });
