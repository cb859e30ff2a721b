/** From the reader's chances to the policy's scores. Pure. */
import { CATEGORIES, type Category } from '../policy/schema.ts';
import type { Scores } from '../score.ts';

/**
 * Chances of categories as scores that are 0.5 at the threshold of the likeliest: its odds, divided by the threshold's. It decides
 * for all, which keep their share of it: another's lower threshold says nothing of a text that is hardly about it.
 */
export function onPolicyScale(
  chances: Scores,
  thresholds: Readonly<Partial<Record<Category, number>>>,
): Scores {
  const likeliest = CATEGORIES.reduce((most, each) => (chances[each] > chances[most] ? each : most));
  const { [likeliest]: chance } = chances;
  const { [likeliest]: threshold = 0.5 } = thresholds;
  if (chance === 0) return chances;
  const score = (chance * (1 - threshold)) / (chance * (1 - threshold) + (1 - chance) * threshold);
  const shares = CATEGORIES.map((each) => [each, (score * chances[each]) / chance]);
  return Object.fromEntries(shares) as Scores;
}
