/** How sharp, and how much there is to see. */
import { LUMA_BITS, lumaOf } from './luma.ts';
import type { Raster } from './raster.ts';

export interface Quality {
  /** Steepness of the sharpest edges: 1 is a step from one pixel to the next; 1 where there is no edge at all. */
  sharpness: number;
  /** Standard deviation of the luma, 0..128. */
  contrast: number;
  /** Shannon entropy of the luma in 64 steps, bits, 0..6. */
  entropy: number;
}

/** Distance over which an edge has its whole height, pixels. */
const REACH = 4;
/** Rise of luma below which there is no edge to judge: a gradient is smooth, not blurred. */
const EDGE = 14;
/** Share of pixel pairs that counts as the sharpest. */
const SHARPEST = 0.002;

/**
 * An edge's step between neighbours over its rise across `2·REACH` pixels, at the sharpest places along both axes: a blur
 * spreads the rise over many pixels whatever the picture shows, unlike the variance of the Laplacian, which depends on it.
 */
export function qualityOf(working: Raster): Quality {
  const { width, height } = working;
  const luma = lumaOf(working);
  const steps = [stepsAlong(luma, width, height, 1), stepsAlong(luma, height, width, width, true)];
  const near = percentileOfHistogram(steps[0]!.near, steps[1]!.near);
  const far = percentileOfHistogram(steps[0]!.far, steps[1]!.far);
  return { sharpness: far < EDGE ? 1 : Math.min(1, near / far), ...spread(luma) };
}

/** Histograms (0..255) of differences over 1 pixel and over 2·REACH pixels along one axis. */
function stepsAlong(luma: Uint16Array, length: number, lines: number, stride: number, columns = false) {
  const near = new Uint32Array(256);
  const far = new Uint32Array(256);
  const lineStride = columns ? 1 : length;
  const [behind, ahead] = [(REACH - 1) * stride, REACH * stride];
  for (let line = 0; line < lines; line++) {
    const start = line * lineStride;
    for (let i = REACH; i + REACH < length; i++) {
      const at = start + i * stride;
      const step = Math.abs((luma[at + stride] as number) - (luma[at] as number)) >> LUMA_BITS;
      const rise = Math.abs((luma[at + ahead] as number) - (luma[at - behind] as number)) >> LUMA_BITS;
      near[step] = (near[step] as number) + 1;
      far[rise] = (far[rise] as number) + 1;
    }
  }
  return { near, far };
}

function percentileOfHistogram(a: Uint32Array, b: Uint32Array): number {
  let total = 0;
  for (let i = 0; i < 256; i++) total += (a[i] as number) + (b[i] as number);
  let above = 0;
  for (let value = 255; value > 0; value--) {
    above += (a[value] as number) + (b[value] as number);
    if (above >= SHARPEST * total) return value;
  }
  return 0;
}

function spread(luma: Uint16Array): { contrast: number; entropy: number } {
  const bins = new Uint32Array(64);
  let sum = 0;
  let squares = 0;
  for (const value of luma) {
    sum += value;
    squares += value * value;
    const bin = value >> (LUMA_BITS + 2);
    bins[bin] = (bins[bin] as number) + 1;
  }
  const n = luma.length;
  const mean = sum / n;
  let entropy = 0;
  for (const count of bins) if (count > 0) entropy -= (count / n) * Math.log2(count / n);
  return { contrast: Math.sqrt(Math.max(0, squares / n - mean ** 2)) / 2 ** LUMA_BITS, entropy };
}
