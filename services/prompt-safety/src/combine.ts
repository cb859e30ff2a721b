/** The rules' and the classifier's scores → one. Pure. */
import { CATEGORIES, type Policy } from './policy/schema.ts';
import { highest, noScores, type Scores } from './score.ts';
import type { Finding, Reading, Screening } from './screen.ts';

/**
 * The higher score of both in each category. The classifier reads the context, which rules can't: where it is sure of
 * harmless text, a lone weak rule counts less; a firm one (firm.ts), or one in a category that the policy lets nobody
 * overrule, stands.
 * @param judged The classifier's scores of each of `screening.readings`, in order.
 */
export function combine(policy: Policy, screening: Screening, judged: readonly Scores[]): Screening {
  const classified = judged.reduce(highest, noScores(0));
  const sure = Math.max(...CATEGORIES.map((category) => classified[category])) < policy.overrule.below;
  const scores = noScores(0);
  for (const category of CATEGORIES) {
    const overruled = sure && !policy.overrule.never.includes(category) && !screening.firm.has(category);
    const ruled = screening.scores[category] * (overruled ? policy.overrule.factor : 1);
    scores[category] = Math.max(ruled, classified[category]);
  }
  for (const { concept, from, to } of policy.escalations)
    if (screening.present.has(concept)) scores[to] = Math.max(scores[to], scores[from]);
  const found = CATEGORIES.flatMap((category) => place(category, policy, screening.readings, judged));
  return { ...screening, scores, findings: [...screening.findings, ...found] };
}

/** The classifier weighs the whole text, so the whole text is the place; the prompt's own where that is enough. */
function place(
  category: (typeof CATEGORIES)[number],
  policy: Policy,
  readings: readonly Reading[],
  judged: readonly Scores[],
): Finding[] {
  const threshold = policy.thresholds[category];
  const reading = readings.find((_, index) => (judged[index]?.[category] ?? 0) >= threshold);
  if (reading === undefined || reading.length === 0) return [];
  const rule = `${category}.classifier`;
  return [{ rule, subject: reading.subject, start: 0, end: reading.length }];
}
