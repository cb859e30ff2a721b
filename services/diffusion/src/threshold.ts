import type { PictureLimits } from './scheduler-config.ts';

/** Keeps a predicted picture in the range the network was trained on, in place: clamped, thresholded, or left alone. */
export function limitPicture(x0: Float32Array, config: PictureLimits): void {
  if (config.thresholding)
    thresholdDynamically(x0, config.dynamic_thresholding_ratio, config.sample_max_value);
  else if (config.clip_sample) clamp(x0, config.clip_sample_range);
}

function clamp(values: Float32Array, limit: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value > limit) values[i] = limit;
    else if (value < -limit) values[i] = -limit;
  }
}

/** Clamps to ±s and divides by s, s being a quantile of |x₀| within 1..maximum (Saharia et al. 2022, section 2.3). */
function thresholdDynamically(values: Float32Array, ratio: number, maximum: number): void {
  const sorted = values.map(Math.abs).sort();
  const place = ratio * (sorted.length - 1);
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  const limit = Math.min(Math.max(low + (high - low) * (place - Math.floor(place)), 1), maximum);
  clamp(values, limit);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / limit;
}
