/** Inter-rater agreement. */

/** How far two ratings are apart, 0 for equal ones. */
export type Difference = (a: number, b: number) => number;

/** Ratings are names. */
export const nominal: Difference = (a, b) => (a === b ? 0 : 1);
/** Ratings are numbers on a scale. */
export const interval: Difference = (a, b) => (a - b) ** 2;

/**
 * Krippendorff's alpha (2011): 1 − observed over expected disagreement. 1: raters always agree; 0: no better than ratings dealt out
 * at random; below: worse. Ratings may be missing. NaN when nothing was rated twice, or nothing differs.
 * @param units ratings of each thing rated, by any raters.
 */
export function krippendorffAlpha(units: readonly (readonly number[])[], difference: Difference): number {
  const pairable = units.filter((ratings) => ratings.length >= 2);
  const all = pairable.flat();
  let observed = 0;
  for (const ratings of pairable) observed += differences(ratings, difference) / (ratings.length - 1);
  const expected = differences(all, difference) / (all.length - 1);
  return expected === 0 ? Number.NaN : 1 - observed / expected;
}

/** Sum over ordered pairs. */
function differences(ratings: readonly number[], difference: Difference): number {
  return ratings.reduce(
    (sum, a, i) => ratings.reduce((inner, b, j) => (i === j ? inner : inner + difference(a, b)), sum),
    0,
  );
}
