/** Whether two pictures are one: their colours are laid over each other, moved and scaled until they fit best. */
import type { Window } from '../image/perceptual-hash.ts';
import { THUMB_SIDE } from '../image/signature.ts';
import { type Fit, fitOf } from './fit.ts';

/**
 * Steps of the search for the best fit, in shares of a side, and the mean difference above which a step of that size makes
 * no fit any more, looking at every stride-th pixel: most candidates are of the same style but not the same, and end here.
 */
const STEPS = [
  { step: 0.04, hopeless: 0.08, stride: 4 },
  { step: 0.02, hopeless: 0.05, stride: 4 },
  { step: 0.01, hopeless: 0.035, stride: 2 },
  { step: 0.005, hopeless: 0.028, stride: 1 },
] as const;

/**
 * The fit of `fixed` to that window of `other`, turned by `orientation`, which fits it best near `window`. Both are
 * [48×48×3] squares of whole pictures. `enough` stops the search early.
 */
export function bestFit(
  fixed: Uint8Array,
  other: Uint8Array,
  orientation: number,
  window: Window,
  enough = 0,
): Fit {
  // A grey copy of a colour picture is still that picture.
  const grey = isGrey(fixed) || isGrey(other);
  const target = grey ? desaturated(fixed) : fixed;
  const upright = orientation === 0 ? other : turn(other, orientation);
  const turned = grey ? desaturated(upright) : upright;
  let best = window;
  for (const { step, hopeless, stride } of STEPS) {
    let least = difference(target, turned, best, stride);
    if (least > hopeless) break;
    for (let improved = true; improved && least > enough; ) {
      improved = false;
      for (const next of neighbours(best, step)) {
        const value = difference(target, turned, next, stride);
        if (value < least - 1e-6) {
          least = value;
          best = next;
          improved = true;
        }
      }
    }
  }
  return fitOf(target, cut(turned, best));
}

/** Windows with one side moved by `step` either way, inside the picture. */
function neighbours({ x, y, width, height }: Window, step: number): Window[] {
  const all: Window[] = [];
  for (const d of [-step, step]) {
    all.push({ x: x + d, y, width, height }, { x, y: y + d, width, height });
    all.push({ x: x + d, y, width: width - d, height }, { x, y: y + d, width, height: height - d });
    all.push({ x, y, width: width + d, height }, { x, y, width, height: height + d });
  }
  const fits = (at: number, length: number): boolean =>
    at >= -1e-9 && length >= 0.6 && at + length <= 1 + 1e-9;
  return all.filter((w) => fits(w.x, w.width) && fits(w.y, w.height));
}

/** Mean absolute difference between `fixed` and the window of `other`, at every `stride`-th pixel, 0..1. */
function difference(fixed: Uint8Array, other: Uint8Array, window: Window, stride: number): number {
  const laid = cut(other, window, stride, SCRATCH);
  const offset = stride >> 1;
  let sum = 0;
  let samples = 0;
  for (let v = offset; v < THUMB_SIDE; v += stride) {
    for (let at = 3 * (v * THUMB_SIDE + offset); at < 3 * (v + 1) * THUMB_SIDE; at += 3 * stride) {
      for (let c = at; c < at + 3; c++) sum += Math.abs((laid[c] as number) - (fixed[c] as number));
      samples += 3;
    }
  }
  return sum / (255 * samples);
}

const SCRATCH = new Float32Array(3 * THUMB_SIDE * THUMB_SIDE);

/** The window of a square as a square of its own, sampled bilinearly, every `stride`-th pixel of it, into `to`. */
function cut(
  square: Uint8Array,
  window: Window,
  stride = 1,
  to = new Float32Array(square.length),
): Float32Array {
  const side = THUMB_SIDE;
  for (let v = stride >> 1; v < side; v += stride) {
    const sy = clamp((window.y + (window.height * (v + 0.5)) / side) * side - 0.5);
    const y0 = Math.floor(sy);
    const fy = sy - y0;
    const above = y0 * side;
    const below = Math.min(side - 1, y0 + 1) * side;
    for (let u = stride >> 1; u < side; u += stride) {
      const sx = clamp((window.x + (window.width * (u + 0.5)) / side) * side - 0.5);
      const x0 = Math.floor(sx);
      const fx = sx - x0;
      const x1 = Math.min(side - 1, x0 + 1);
      for (let c = 0; c < 3; c++) {
        const top =
          (square[3 * (above + x0) + c] as number) * (1 - fx) + (square[3 * (above + x1) + c] as number) * fx;
        const low =
          (square[3 * (below + x0) + c] as number) * (1 - fx) + (square[3 * (below + x1) + c] as number) * fx;
        to[3 * (v * side + u) + c] = top * (1 - fy) + low * fy;
      }
    }
  }
  return to;
}

/** Whether hardly a pixel has colour. */
function isGrey(square: Uint8Array): boolean {
  let chroma = 0;
  for (let i = 0; i < square.length; i += 3)
    chroma +=
      Math.abs((square[i] as number) - (square[i + 1] as number)) +
      Math.abs((square[i + 1] as number) - (square[i + 2] as number));
  return chroma < 3 * (square.length / 3);
}

function desaturated(square: Uint8Array): Uint8Array {
  const grey = new Uint8Array(square.length);
  for (let i = 0; i < square.length; i += 3) {
    const luma =
      0.299 * (square[i] as number) + 0.587 * (square[i + 1] as number) + 0.114 * (square[i + 2] as number);
    grey.fill(Math.round(luma), i, i + 3);
  }
  return grey;
}

const clamp = (at: number): number => Math.min(THUMB_SIDE - 1, Math.max(0, at));

/** The square turned as `oriented` turns its spectrum: transposed first, then mirrored. */
function turn(square: Uint8Array, orientation: number): Uint8Array {
  const turned = new Uint8Array(square.length);
  const last = THUMB_SIDE - 1;
  for (let y = 0; y < THUMB_SIDE; y++) {
    for (let x = 0; x < THUMB_SIDE; x++) {
      const mx = orientation & 1 ? last - x : x;
      const my = orientation & 2 ? last - y : y;
      const from = orientation & 4 ? mx * THUMB_SIDE + my : my * THUMB_SIDE + mx;
      turned.set(square.subarray(3 * from, 3 * from + 3), 3 * (y * THUMB_SIDE + x));
    }
  }
  return turned;
}
