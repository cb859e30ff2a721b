/** Pictures as the trainer takes them: scaled until they fill the shape, centre cut out, PNG. */
import { type Bucket, SQUARE, sidesOf } from './aspect.ts';
import { type Decoded, openUntrusted, upright } from './decode.ts';
import type { ImageLimits } from './limits.ts';
import { encodePng } from './png.ts';
import type { Raster } from './raster.ts';
import { covered } from './resample.ts';

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
    const picture = suffices(decoded, width, height)
      ? covered(decoded.working, width, height)
      : await decodedAgain(bytes, width, height, limits);
    pictures.set(place === 0 ? 'png' : `${size}.png`, encodePng(picture));
  }
  return pictures;
}

/** Whether the working picture is the picture itself, or has pixels to spare: decoding again is most of the cost. */
function suffices({ working, ...whole }: Decoded, width: number, height: number): boolean {
  const spare = Math.min(working.width / width, working.height / height);
  return spare >= 1.4 || working.width === whole.width;
}

async function decodedAgain(
  bytes: Uint8Array,
  width: number,
  height: number,
  limits: ImageLimits,
): Promise<Raster> {
  const pipeline = upright(openUntrusted(bytes, limits)).resize(width, height, { fit: 'cover' });
  return { width, height, rgb: await pipeline.raw({ depth: 'uchar' }).toBuffer() };
}

/** The picture as models see it: interleaved RGB bytes, square. */
export const squarePixels = (working: Raster, side: number): Uint8Array => covered(working, side, side).rgb;
