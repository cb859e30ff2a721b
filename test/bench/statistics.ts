/** Order statistics. */

/**
 * The smallest of the values that at least the share `p` (0 to 1) of them do not exceed (nearest rank). Throws
 * RangeError for no values.
 */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new RangeError('a percentile of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] as number;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Two decimals, for figures that people read. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
