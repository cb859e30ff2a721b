/** Another size of a small picture; for few pixels a `sharp` pipeline costs ten times this. */
import { kernels as compiled, layOut, put, room, take } from './kernels.ts';
import type { Raster } from './raster.ts';

/** Weights are in shares of 2¹⁴. */
const ONE_BITS = 14;

/** What each target pixel of an axis is made of: `taps` source pixels from `starts[target]` on, weights that sum to 2¹⁴. */
interface Kernel {
  /** Even: the last may lie beyond the axis, and then weighs nothing. */
  taps: number;
  starts: Int32Array;
  weights: Int16Array;
}

/** The part of an axis that is wanted. */
interface Span {
  begin: number;
  length: number;
}

/** How much of a source pixel goes into a target pixel that is `scale` source pixels long around `centre`; `reach` is how far it sees. */
interface Filter {
  name: string;
  reach: (scale: number) => number;
  weight: (offset: number, scale: number) => number;
}

const LOBES = 3;

/** Lanczos' kernel of three lobes. Where a picture shrinks it widens with it: what has no room there must not fold back. */
const LANCZOS: Filter = {
  name: 'lanczos',
  reach: (scale) => LOBES * Math.max(1, scale),
  weight: (offset, scale) => lanczos(offset / Math.max(1, scale)),
};

/** The mean of the area under a target pixel. */
const AREA: Filter = {
  name: 'area',
  reach: (scale) => (scale + 1) / 2,
  weight: (offset, scale) =>
    Math.max(0, Math.min(scale / 2, offset + 0.5) - Math.max(-scale / 2, offset - 0.5)),
};

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle);
}

const kernels = new Map<string, Kernel>();
/** Kernels that are kept: pictures come in few sizes. */
const CACHED = 256;

function kernelOf(filter: Filter, source: number, { begin, length }: Span, target: number): Kernel {
  const key = `${filter.name}:${source}:${begin}:${length}:${target}`;
  const known = kernels.get(key);
  if (known) return known;
  const scale = length / target;
  const reach = filter.reach(scale);
  const seen = Math.min(source, Math.floor(2 * reach) + 1);
  const taps = seen + (seen % 2);
  const starts = new Int32Array(target);
  const weights = new Int16Array(target * taps);
  for (let place = 0; place < target; place++) {
    const centre = begin + (place + 0.5) * scale - 0.5;
    const start = Math.min(source - seen, Math.max(0, Math.ceil(centre - reach)));
    const shares = Array.from({ length: seen }, (_, tap) => filter.weight(start + tap - centre, scale));
    weights.set(wholeShares(shares), place * taps);
    starts[place] = start;
  }
  const kernel = { taps, starts, weights };
  if (kernels.size >= CACHED) kernels.clear();
  kernels.set(key, kernel);
  return kernel;
}

/** In whole numbers that sum to 2¹⁴ exactly, so that a plain picture stays one; the largest takes what rounding leaves. */
function wholeShares(shares: readonly number[]): number[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  const whole = shares.map((share) => Math.round((share / sum) * 2 ** ONE_BITS));
  const largest = whole.indexOf(Math.max(...whole));
  whole[largest] = (whole[largest] as number) + 2 ** ONE_BITS - whole.reduce((total, one) => total + one, 0);
  return whole;
}

/** The centre of a picture, as much of it as has the shape, at this size: fills it without bars. */
export function covered(source: Raster, width: number, height: number): Raster {
  const scale = Math.min(source.width / width, source.height / height);
  const centre = (side: number, length: number): Span => ({ begin: (side - length) / 2, length });
  return resampled(
    source,
    kernelOf(LANCZOS, source.width, centre(source.width, width * scale), width),
    kernelOf(LANCZOS, source.height, centre(source.height, height * scale), height),
  );
}

/** The whole picture at this size, whatever its shape. */
export function squeezed(source: Raster, width: number, height: number): Raster {
  if (source.width === width && source.height === height) return source;
  return wholeBy(LANCZOS, source, width, height);
}

/** The whole picture in a square, whatever its shape: each pixel the mean of the source area under it. */
export const averaged = (source: Raster, side: number): Raster => wholeBy(AREA, source, side, side);

function wholeBy(filter: Filter, source: Raster, width: number, height: number): Raster {
  return resampled(
    source,
    kernelOf(filter, source.width, { begin: 0, length: source.width }, width),
    kernelOf(filter, source.height, { begin: 0, length: source.height }, height),
  );
}

function resampled(source: Raster, across: Kernel, down: Kernel): Raster {
  const [width, height] = [across.starts.length, down.starts.length];
  const run = 3 * source.width;
  const stride = 8 * Math.ceil(run / 8);
  layOut();
  const rows = put(source.rgb);
  // A row that weighs nothing is read all the same.
  room(run);
  const between = room(2 * stride * height);
  compiled.down(rows, run, put(down.starts), down.taps, put(down.weights), height, between, stride);
  const [starts, weights] = [put(across.starts), put(across.weights)];
  const to = room(3 * width * height);
  compiled.across(between, stride, starts, across.taps, weights, width, height, to);
  return { width, height, rgb: take(to, 3 * width * height) };
}
