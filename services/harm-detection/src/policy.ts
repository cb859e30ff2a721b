/** The policy for pictures: what classifiers' classes mean, and how much is too much. Data, versioned. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Order of severity: at a tie the earlier one decides. */
export const CATEGORIES = [
  'minors',
  'hate',
  'nudity',
  'self_harm',
  'violence',
  'shocking',
  'illegal',
  'harassment',
] as const;
export type Category = (typeof CATEGORIES)[number];
export type Scores = Partial<Record<Category, number>>;

const probability = z.number().min(0).max(1);

export const policySchema = z.strictObject({
  /** Grows with every change; verdicts carry it. */
  version: z.string().min(1),
  /** A score at or above its threshold blocks. */
  thresholds: z.record(z.enum(CATEGORIES), probability),
  /** Classifier → category → class → weight; a category's score is the weighted sum, at most 1. */
  classifiers: z.record(z.string(), z.partialRecord(z.enum(CATEGORIES), z.record(z.string(), probability))),
});
export type Policy = z.infer<typeof policySchema>;

/** The policy that ships with the service. */
export function shippedPolicy(): Policy {
  return policySchema.parse(JSON.parse(readFileSync(new URL('policy.json', import.meta.url), 'utf8')));
}

/**
 * One classifier's classes as categories. A classifier that the policy does not list speaks in categories already.
 * @throws Error for a score that is no probability: nothing may be allowed on its account.
 */
export function toCategories(
  policy: Policy,
  classifier: string,
  classes: Readonly<Record<string, number>>,
): Scores {
  for (const [name, value] of Object.entries(classes)) {
    if (!(value >= 0 && value <= 1.0001)) throw new Error(`${classifier} scored ${name} outside 0..1`);
  }
  const meanings = policy.classifiers[classifier];
  const scores: Scores = {};
  for (const category of CATEGORIES) {
    const weights = meanings === undefined ? { [category]: 1 } : (meanings[category] ?? {});
    let sum = 0;
    for (const [name, weight] of Object.entries(weights)) {
      const value = classes[name];
      if (value === undefined && meanings !== undefined)
        throw new Error(`${classifier} gave no score for ${name}`);
      sum += weight * (value ?? 0);
    }
    if (sum > 0) scores[category] = Math.min(sum, 1);
  }
  return scores;
}
