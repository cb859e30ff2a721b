/** Received image → pixels, under limits; whatever is wrong with it is the sender's to know. */
import { type Image, ImageFormat } from '@atelier/contracts';
import { invalidArgument } from '@atelier/rpc';
import sharp from 'sharp';

/** Interleaved sRGB, 8 bits a channel, `width`·`height`·3 bytes from the top left. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export const MIN_SIDE = 16;
export const MAX_SIDE = 4096;
export const MAX_IMAGE_BYTES = 4_194_304;

const CODEC: Partial<Record<ImageFormat, string>> = {
  [ImageFormat.PNG]: 'png',
  [ImageFormat.JPEG]: 'jpeg',
  [ImageFormat.WEBP]: 'webp',
};

/** @throws RpcError INVALID_ARGUMENT naming the field for a picture that is none, or is not what it says. */
export async function decodePicture(image: Image | undefined): Promise<Pixels> {
  if (image === undefined) throw refused('image', 'is required');
  const { width, height, format, data } = image;
  for (const [field, side] of Object.entries({ width, height })) {
    if (side < MIN_SIDE || side > MAX_SIDE)
      throw refused(`image.${field}`, `must be ${MIN_SIDE} to ${MAX_SIDE} pixels`);
  }
  if (data.length === 0 || data.length > MAX_IMAGE_BYTES) {
    throw refused('image.data', `must hold 1 to ${MAX_IMAGE_BYTES} bytes, holds ${data.length}`);
  }
  if (format === ImageFormat.RGB8) {
    const expected = width * height * 3;
    if (data.length !== expected)
      throw refused('image.data', `must hold ${expected} bytes of RGB8, holds ${data.length}`);
    return { width, height, rgb: data };
  }
  const codec = CODEC[format];
  if (codec === undefined) throw refused('image.format', 'must be RGB8, PNG, JPEG or WebP');
  return decodeFile(data, codec, width, height);
}

/** The header is checked before a pixel is decoded, so that a small file can't ask for a large picture. */
async function decodeFile(data: Uint8Array, codec: string, width: number, height: number): Promise<Pixels> {
  const file = sharp(data, {
    limitInputPixels: MAX_SIDE * MAX_SIDE,
    failOn: 'warning',
    sequentialRead: true,
  });
  const header = await file.metadata().catch(() => {
    throw refused('image.data', 'is no picture that can be read');
  });
  if (header.format !== codec) throw refused('image.data', `is not in the stated format, ${codec}`);
  if (header.width !== width || header.height !== height)
    throw refused('image.data', 'is not of the stated width and height');
  if ((header.pages ?? 1) > 1) throw refused('image.data', 'must be one picture, not an animation');
  try {
    // Transparent parts are judged as they are shown, on white.
    const rgb = await file
      .toColourspace('srgb')
      .flatten({ background: '#ffffff' })
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer();
    return { width, height, rgb };
  } catch {
    throw refused('image.data', 'is damaged');
  }
}

function refused(field: string, description: string): Error {
  return invalidArgument([{ field, description }]);
}
