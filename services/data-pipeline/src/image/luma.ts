/** Brightness: what hashes and measures are computed on. */
import type { Raster } from './raster.ts';

/** Bits of the luma below a step of 8-bit colour. */
export const LUMA_BITS = 8;

/** Luma of each pixel (ITU-R BT.601), 0..255 in steps of 1/256. */
export function lumaOf({ width, height, rgb }: Raster): Uint16Array {
  const luma = new Uint16Array(width * height);
  // The weights sum to 2¹⁶.
  for (let i = 0, p = 0; i < luma.length; i++, p += 3)
    luma[i] =
      (19_595 * (rgb[p] as number) + 38_470 * (rgb[p + 1] as number) + 7_471 * (rgb[p + 2] as number)) >> 8;
  return luma;
}
