/** The two-proportion z test. Pure. */

/** `successes` out of `trials`. */
export interface Proportion {
  successes: number;
  trials: number;
}

export interface TestResult {
  /** Standard normal under the hypothesis that nothing differs. */
  z: number;
  /** Two-sided. */
  pValue: number;
}

/**
 * Whether two proportions differ, with the pooled variance. Positive z: the second is larger. Where nobody or everybody
 * succeeded, or a side is empty, nothing speaks for a difference: z 0, p 1.
 */
export function twoProportionZ(first: Proportion, second: Proportion): TestResult {
  const trials = first.trials + second.trials;
  const pooled = (first.successes + second.successes) / trials;
  const variance = pooled * (1 - pooled) * (1 / first.trials + 1 / second.trials);
  if (!(variance > 0) || !Number.isFinite(variance)) return { z: 0, pValue: 1 };
  const z = (second.successes / second.trials - first.successes / first.trials) / Math.sqrt(variance);
  return { z, pValue: twoSided(z) };
}

/** Whether `successes` fit a probability that is known, 0 < p < 1. */
export function oneProportionZ({ successes, trials }: Proportion, expected: number): TestResult {
  if (trials === 0) return { z: 0, pValue: 1 };
  const z = (successes - trials * expected) / Math.sqrt(trials * expected * (1 - expected));
  return { z, pValue: twoSided(z) };
}

/** Probability that a standard normal variable is as far from 0 as z. */
export const twoSided = (z: number): number => erfc(Math.abs(z) / Math.SQRT2);

/** Below it the series of erf converges fast and loses no digits that matter, above the continued fraction of erfc does. */
const SERIES_UP_TO = 2;

/** Complementary error function for x ≥ 0, to some 1e-14 (Abramowitz and Stegun 7.1.5 and 7.1.14). */
export function erfc(x: number): number {
  if (x < SERIES_UP_TO) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 120; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}
