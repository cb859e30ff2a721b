/** Brightness and area averaging: what hashes and measures are computed on. */
import type { Raster } from './raster.ts';

/** Luma 0..255 of each pixel (ITU-R BT.601). */
export function lumaOf({ width, height, rgb }: Raster): Float32Array {
  const luma = new Float32Array(width * height);
  for (let i = 0, p = 0; i < luma.length; i++, p += 3) {
    luma[i] = 0.299 * (rgb[p] as number) + 0.587 * (rgb[p + 1] as number) + 0.114 * (rgb[p + 2] as number);
  }
  return luma;
}

/**
 * Squeezes `channels` interleaved planes of `width`×`height` to `side`×`side`, whatever the shape: every target pixel is
 * the mean of the source area under it.
 */
export function averageToSquare(
  data: Float32Array | Uint8Array,
  width: number,
  height: number,
  channels: number,
  side: number,
): Float32Array {
  const rows = new Float32Array(side * width * channels);
  averageAxis(data, rows, height, side, width * channels);
  const square = new Float32Array(side * side * channels);
  for (let y = 0; y < side; y++) {
    const from = rows.subarray(y * width * channels, (y + 1) * width * channels);
    averageAxis(from, square.subarray(y * side * channels, (y + 1) * side * channels), width, side, channels);
  }
  return square;
}

/** Averages `count` runs of `run` values each into `side` runs; a target may cover parts of its first and last source. */
function averageAxis(
  from: Float32Array | Uint8Array,
  to: Float32Array,
  count: number,
  side: number,
  run: number,
): void {
  const step = count / side;
  for (let target = 0; target < side; target++) {
    const begin = target * step;
    const end = Math.min(count, begin + step);
    for (let source = Math.floor(begin); source < end; source++) {
      const share = (Math.min(end, source + 1) - Math.max(begin, source)) / step;
      const at = target * run;
      const read = source * run;
      for (let i = 0; i < run; i++) to[at + i] = (to[at + i] as number) + share * (from[read + i] as number);
    }
  }
}
