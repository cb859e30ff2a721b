/** How sure a figure is. */
import { createRandom } from '@atelier/scenes/random';

const RESAMPLES = 1000;
const CONFIDENCE = 0.95;

export interface Estimate {
  readonly value: number;
  /** Ends of the interval, 95 % unless said otherwise. */
  readonly low: number;
  readonly high: number;
}

/**
 * A statistic of `count` paired observations with its percentile bootstrap interval (Efron 1979). The same figures for the
 * same observations. @param statistic of the observations at some places, repetitions included.
 * @param options.resamples default 1,000; fewer for a statistic that takes long.
 */
export function bootstrap(
  count: number,
  statistic: (places: readonly number[]) => number,
  { resamples = RESAMPLES, confidence = CONFIDENCE }: { resamples?: number; confidence?: number } = {},
): Estimate {
  const random = createRandom(`bootstrap/${count}`);
  const all = Array.from({ length: count }, (_, i) => i);
  const values = Array.from({ length: resamples }, () => statistic(all.map(() => random.pick(all)))).sort(
    (a, b) => a - b,
  );
  const tail = (1 - confidence) / 2;
  const at = (share: number) => values[Math.min(resamples - 1, Math.floor(share * resamples))] as number;
  return { value: statistic(all), low: at(tail), high: at(1 - tail) };
}

/** Mean of the values that are numbers; NaN for none. */
export function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** A figure with its interval, for people. */
export function show({ value, low, high }: Estimate, digits = 2): string {
  return `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}
