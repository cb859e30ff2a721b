/** Another size of a small picture, with Lanczos' kernel of three lobes; for few pixels a `sharp` pipeline costs ten times this. */
import type { Raster } from './raster.ts';

const LOBES = 3;

/** What each target pixel of an axis is made of: `taps` source pixels from `starts[target]` on, weighted to a sum of 1. */
interface Kernel {
  taps: number;
  starts: Int32Array;
  weights: Float64Array;
}

const kernels = new Map<string, Kernel>();
/** Kernels that are kept: pictures come in few sizes. */
const CACHED = 256;

/** @param begin, length the part of an axis of `source` pixels that becomes `target` pixels. */
function kernelOf(source: number, begin: number, length: number, target: number): Kernel {
  const key = `${source}:${begin}:${length}:${target}`;
  const known = kernels.get(key);
  if (known) return known;
  const scale = length / target;
  // Where a picture shrinks, the kernel widens with it: what has no room there must not fold back.
  const width = Math.max(1, scale);
  const taps = Math.min(source, Math.ceil(2 * LOBES * width) + 1);
  const starts = new Int32Array(target);
  const weights = new Float64Array(target * taps);
  for (let place = 0; place < target; place++) {
    const centre = begin + (place + 0.5) * scale - 0.5;
    const start = Math.min(source - taps, Math.max(0, Math.ceil(centre - LOBES * width)));
    const own = weights.subarray(place * taps, (place + 1) * taps);
    for (let tap = 0; tap < taps; tap++) own[tap] = lanczos((start + tap - centre) / width);
    const sum = own.reduce((total, weight) => total + weight, 0);
    for (let tap = 0; tap < taps; tap++) own[tap] = (own[tap] as number) / sum;
    starts[place] = start;
  }
  const kernel = { taps, starts, weights };
  if (kernels.size >= CACHED) kernels.clear();
  kernels.set(key, kernel);
  return kernel;
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

/** The centre of a picture, as much of it as has the shape, at this size: fills it without bars. */
export function covered(source: Raster, width: number, height: number): Raster {
  const scale = Math.min(source.width / width, source.height / height);
  const [cutWidth, cutHeight] = [width * scale, height * scale];
  const across = kernelOf(source.width, (source.width - cutWidth) / 2, cutWidth, width);
  const down = kernelOf(source.height, (source.height - cutHeight) / 2, cutHeight, height);
  return { width, height, rgb: columns(rows(source, across, width, down), down, width, height) };
}

/** The whole picture at this size, whatever its shape. */
export function squeezed(source: Raster, width: number, height: number): Raster {
  if (source.width === width && source.height === height) return source;
  const across = kernelOf(source.width, 0, source.width, width);
  const down = kernelOf(source.height, 0, source.height, height);
  return { width, height, rgb: columns(rows(source, across, width, down), down, width, height) };
}

/** Source rows in the new width, those that `down` asks for. */
function rows(
  { width: sourceWidth, height, rgb }: Raster,
  kernel: Kernel,
  width: number,
  down: Kernel,
): Float64Array {
  const { taps, starts, weights } = kernel;
  const result = new Float64Array(3 * width * height);
  const [first, end] = [down.starts[0] as number, (down.starts.at(-1) as number) + down.taps];
  for (let y = first, to = 3 * width * first; y < end; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      let [red, green, blue] = [0, 0, 0];
      let from = 3 * (y * sourceWidth + (starts[x] as number));
      for (let at = x * taps; at < (x + 1) * taps; at++, from += 3) {
        const weight = weights[at] as number;
        red += weight * (rgb[from] as number);
        green += weight * (rgb[from + 1] as number);
        blue += weight * (rgb[from + 2] as number);
      }
      result[to] = red;
      result[to + 1] = green;
      result[to + 2] = blue;
    }
  }
  return result;
}

function columns(from: Float64Array, kernel: Kernel, width: number, height: number): Uint8Array {
  const { taps, starts, weights } = kernel;
  const run = 3 * width;
  const result = new Uint8ClampedArray(run * height);
  for (let y = 0; y < height; y++) {
    const top = (starts[y] as number) * run;
    for (let i = 0; i < run; i++) {
      let sum = 0;
      for (let at = y * taps, read = top + i; at < (y + 1) * taps; at++, read += run)
        sum += (weights[at] as number) * (from[read] as number);
      result[y * run + i] = sum;
    }
  }
  return new Uint8Array(result.buffer);
}
