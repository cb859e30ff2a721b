/** Rules that fired → a score for each category. */
import { CATEGORIES, type Category, type Policy } from './policy/schema.ts';
import type { Firing } from './rules.ts';

export type Scores = Record<Category, number>;

/** Repetition is weak evidence: the n-th firing of one rule counts this much less than the one before. */
const REPETITION = 0.5;

/**
 * Each category's score, 0..1: its rules as independent evidence (noisy or, Pearl 1988), less what the context
 * (`present` concepts) takes back.
 */
export function score(policy: Policy, firings: readonly Firing[], present: ReadonlySet<string>): Scores {
  const innocent = noScores(1);
  const times = new Map<string, number>();
  for (const { rule } of firings) {
    const before = times.get(rule.id) ?? 0;
    times.set(rule.id, before + 1);
    innocent[rule.category] *= 1 - rule.score * REPETITION ** before;
  }
  const scores = noScores(0);
  for (const category of CATEGORIES) {
    let factor = 1;
    for (const mitigation of policy.mitigations) {
      if (
        mitigation.categories.includes(category) &&
        mitigation.concepts.some((concept) => present.has(concept))
      ) {
        factor = Math.min(factor, mitigation.factor);
      }
    }
    scores[category] = (1 - innocent[category]) * factor;
  }
  return scores;
}

/** All categories at one value. */
export function noScores(value: number): Scores {
  return Object.fromEntries(CATEGORIES.map((category) => [category, value])) as Scores;
}

/** The higher of two scores, category by category. */
export function highest(a: Scores, b: Scores): Scores {
  return Object.fromEntries(
    CATEGORIES.map((category) => [category, Math.max(a[category], b[category])]),
  ) as Scores;
}
