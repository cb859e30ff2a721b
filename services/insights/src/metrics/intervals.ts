/** 95 % intervals. Pure. Sums come as integers, so that a figure does not depend on the order of what was summed. */
import { IntervalMethod } from '@atelier/contracts';

/** 97.5 % quantile of the standard normal distribution. */
export const Z95 = 1.959963984540054;

export interface Interval {
  value: number;
  /** At most `value`. */
  low: number;
  /** At least `value`. */
  high: number;
  /** Observations, 1 or more. */
  count: bigint;
  method: IntervalMethod;
}

/** Sums over n observations x. */
export interface Sums {
  count: bigint;
  sum: bigint;
  /** Of the squares. */
  squares: bigint;
}

/**
 * Wilson's score interval (Wilson 1927) of `successes` out of `trials`; undefined without trials. Unlike the normal
 * interval it stays inside 0 to 1 and says something when nobody or everybody did it.
 */
export function wilson(successes: bigint, trials: bigint): Interval | undefined {
  if (trials === 0n) return undefined;
  const n = Number(trials);
  const p = Number(successes) / n;
  const shrink = 1 + Z95 ** 2 / n;
  const centre = (p + Z95 ** 2 / (2 * n)) / shrink;
  const half = (Z95 / shrink) * Math.sqrt((p * (1 - p)) / n + Z95 ** 2 / (4 * n * n));
  return {
    value: p,
    low: Math.min(p, Math.max(0, centre - half)),
    high: Math.max(p, Math.min(1, centre + half)),
    count: trials,
    method: IntervalMethod.WILSON,
  };
}

/** Mean of non-negative observations with 1.96 standard errors either side, both divided by `unit`; undefined without any. */
export function mean({ count, sum, squares }: Sums, unit: number): Interval | undefined {
  if (count === 0n) return undefined;
  const value = Number(sum) / Number(count) / unit;
  // The numerator of the unbiased variance is exact: subtracting rounded squares would lose all digits.
  const variance =
    count === 1n ? 0 : Number(count * squares - sum * sum) / (Number(count) * Number(count - 1n));
  const half = (Z95 * Math.sqrt(variance / Number(count))) / unit;
  return {
    value,
    low: Math.max(0, value - half),
    high: value + half,
    count,
    method: IntervalMethod.NORMAL,
  };
}

/** Events an hour from a count over `seconds`; undefined when there was no time or nothing happened. */
export function hourlyRate(count: bigint, seconds: number): Interval | undefined {
  if (count === 0n || seconds <= 0) return undefined;
  const hour = 3_600 / seconds;
  const n = Number(count);
  const half = Z95 * Math.sqrt(n) * hour;
  return {
    value: n * hour,
    low: Math.max(0, n * hour - half),
    high: n * hour + half,
    count,
    method: IntervalMethod.POISSON,
  };
}
