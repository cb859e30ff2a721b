/** Which rules' hits stand whatever the classifier says. Pure. */
import type { Category, Policy } from './policy/schema.ts';
import type { Firing } from './rules.ts';

/**
 * Categories in which a rule of the policy's strength fired, or rules fired on several words, or on disguised ones:
 * nobody disguises what is harmless, and a classifier that disguise misled must not undo what the rules saw.
 */
export function firmCategories(policy: Policy, firings: readonly Firing[]): Set<Category> {
  const firm = new Set<Category>();
  const places = new Map<Category, number>();
  for (const { rule, hits } of firings) {
    const start = hits[0]?.from ?? 0;
    const isSeveral = (places.get(rule.category) ?? start) !== start;
    places.set(rule.category, start);
    if (isSeveral || rule.score >= policy.overrule.strong || hits.some((hit) => hit.disguised))
      firm.add(rule.category);
  }
  return firm;
}
