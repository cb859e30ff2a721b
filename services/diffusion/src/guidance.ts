/** Noise levels σ at which guidance is on: low < σ ≤ high (Kynkäänniemi et al. 2024, equation 6). */
export interface GuidanceInterval {
  readonly low: number;
  readonly high: number;
}

/** Whether guidance is on at a noise level; without an interval it always is. */
export function isGuidedAt(sigma: number, interval?: GuidanceInterval): boolean {
  return !interval || (interval.low < sigma && sigma <= interval.high);
}

/**
 * Classifier-free guidance (Ho & Salimans 2022): out = negative + scale · (positive − negative), element by element; then,
 * where asked for, brought back to the positive answer's standard deviation (Lin et al. 2023, equations 15 and 16).
 * @param outputs the network's answers, the negative (or empty) prompt's in the first half, the prompt's in the second.
 * @param scale 1 is the prompt's answer alone, above 1 leans further away from the negative.
 * @param rescale share of the rescaled answer in the result, 0..1.
 */
export function guide(outputs: Float32Array, scale: number, out: Float32Array, rescale = 0): void {
  const half = outputs.length / 2;
  for (let i = 0; i < half; i++) {
    const negative = outputs[i] as number;
    out[i] = negative + scale * ((outputs[half + i] as number) - negative);
  }
  if (rescale === 0) return;
  const guided = standardDeviation(out);
  if (guided === 0) return;
  const factor = 1 + rescale * (standardDeviation(outputs.subarray(half)) / guided - 1);
  for (let i = 0; i < half; i++) out[i]! *= factor;
}

function standardDeviation(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
