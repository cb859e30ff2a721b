/** Pictures as the starter's image models take them. */
import { type Tensor, tensor } from '@atelier/inference';

/** Edge of the pictures, pixels. */
export const PICTURE_SIDE = 64;

/**
 * One picture as planes in [-1, 1], [1, 3, 64, 64].
 * @param rgb interleaved bytes of a 64×64 picture. Throws RangeError for another number of bytes.
 */
export function picturePlanes(rgb: Uint8Array): Tensor<'float32'> {
  const area = PICTURE_SIDE ** 2;
  if (rgb.length !== 3 * area) throw new RangeError(`${rgb.length} bytes are not a 64×64 RGB picture`);
  const data = new Float32Array(3 * area);
  for (let i = 0; i < area; i++)
    for (let channel = 0; channel < 3; channel++)
      data[channel * area + i] = (rgb[3 * i + channel] as number) / 127.5 - 1;
  return tensor('float32', [1, 3, PICTURE_SIDE, PICTURE_SIDE], data);
}
