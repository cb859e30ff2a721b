/** Pictures that no super-resolution network leads to the size asked for. */
import { create, type Image, ImageFormat, ImageSchema } from '@atelier/contracts';

/** Sides that the cascade of super-resolution leads from and to, smallest first. */
const CASCADE: readonly number[] = [64, 256, 1_024];

/** Whether networks enlarge a picture of these sides to `size` pixels; all else is resampled. */
export function isCascaded({ width, height }: Pick<Image, 'width' | 'height'>, size: number): boolean {
  return width === height && width < size && CASCADE.includes(width) && CASCADE.includes(size);
}

/** An RGB8 picture resampled (Lanczos) so that its longer side has `size` pixels; as it is when it has them. */
export async function resampled(image: Image, size: number): Promise<Image> {
  if (Math.max(image.width, image.height) === size) return image;
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: 3 },
  })
    .resize(size, size, { fit: 'inside', kernel: 'lanczos3' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return create(ImageSchema, { width, height, format: ImageFormat.RGB8, data: new Uint8Array(data) });
}
