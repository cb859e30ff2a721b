import { type Image, ImageFormat, type ImageSchema, type MessageInitShape } from '@atelier/contracts';
import { invalidArgument, RpcError } from '@atelier/rpc';
import sharp from 'sharp';
import type { Picture } from './picture.ts';

/** zlib level of PNG answers: a third of the default's time for a few percent more bytes. */
const PNG_LEVEL = 3;

/**
 * Reads a received picture: RGB8 as it is, PNG, JPEG and WebP decoded off the main thread.
 * @param sides sides that are accepted.
 * @throws RpcError INVALID_ARGUMENT naming field and limit.
 */
export async function readPicture(image: Image | undefined, sides: readonly number[]): Promise<Picture> {
  if (!image) throw refuse('image', 'required');
  const { width, height, format, data } = image;
  if (width !== height || !sides.includes(width)) {
    const wanted = sides.map((side) => `${side}×${side}`).join(' or ');
    throw refuse('image', `must be ${wanted} pixels, not ${width}×${height}`);
  }
  switch (format) {
    case ImageFormat.RGB8: {
      const bytes = width * height * 3;
      if (data.length !== bytes) throw refuse('image.data', `must hold ${bytes} bytes, not ${data.length}`);
      return { side: width, rgb: data };
    }
    case ImageFormat.PNG:
    case ImageFormat.JPEG:
    case ImageFormat.WEBP:
      return await decode(data, width);
    default:
      throw refuse('image.format', 'must be RGB8, PNG, JPEG or WEBP');
  }
}

async function decode(data: Uint8Array, side: number): Promise<Picture> {
  try {
    const { data: rgb, info } = await sharp(data, { limitInputPixels: side * side, failOn: 'error' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.width === side && info.height === side && info.channels === 3) return { side, rgb };
    throw refuse('image.width', `the file is ${info.width}×${info.height} pixels, not ${side}×${side}`);
  } catch (error) {
    throw error instanceof RpcError
      ? error
      : refuse('image.data', `is no readable picture of ${side}×${side} pixels`);
  }
}

/** The picture as an answer. @param format RGB8 or PNG; PNG is encoded off the main thread. */
export async function writePicture(
  { side, rgb }: Picture,
  format: ImageFormat,
): Promise<MessageInitShape<typeof ImageSchema>> {
  const data =
    format === ImageFormat.PNG
      ? await sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
          .png({ compressionLevel: PNG_LEVEL })
          .toBuffer()
      : rgb;
  return { width: side, height: side, format, data: data as Uint8Array<ArrayBuffer> };
}

const refuse = (field: string, description: string): RpcError => invalidArgument([{ field, description }]);
