/** How far observed categories are from a distribution that was wanted. */
import { bootstrap, type Estimate } from './interval.ts';

/** Shares by category; they sum to 1. */
export type Distribution = Readonly<Record<string, number>>;

/** Shares of the categories in `seen`; none for an empty list. */
export function sharesOf(seen: readonly string[]): Distribution {
  const shares: Record<string, number> = {};
  for (const value of seen) shares[value] = (shares[value] ?? 0) + 1 / seen.length;
  return shares;
}

/** Half the sum of absolute differences, 0 (equal) to 1 (nothing in common). */
export function totalVariation(a: Distribution, b: Distribution): number {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].reduce((sum, key) => sum + Math.abs((a[key] ?? 0) - (b[key] ?? 0)), 0) / 2;
}

/**
 * Total variation distance of what was seen from what was wanted, with its interval. Observations of one group (pictures of one
 * prompt) are resampled together, because they resemble each other.
 */
export function distanceFrom(wanted: Distribution, groups: readonly (readonly string[])[]): Estimate {
  return bootstrap(groups.length, (places) =>
    totalVariation(sharesOf(places.flatMap((place) => groups[place] as string[])), wanted),
  );
}
