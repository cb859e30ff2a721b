/** Concepts in context → the rules that fire. */
import type { Hit } from './match.ts';
import type { Policy, Rule } from './policy/schema.ts';

export interface Firing {
  readonly rule: Rule;
  /** The words that made it fire, one hit for each concept of the rule. */
  readonly hits: readonly Hit[];
}

/** Rules that fire on these hits; each rule once for each distinct word that starts it. */
export function fire(policy: Policy, hits: readonly Hit[]): Firing[] {
  const byConcept = new Map<string, Hit[]>();
  for (const hit of hits) byConcept.set(hit.concept, [...(byConcept.get(hit.concept) ?? []), hit]);
  const firings: Firing[] = [];
  for (const rule of policy.rules) {
    if (rule.unless.some((concept) => byConcept.has(concept))) continue;
    const choices = rule.all.map((either) =>
      either.split('|').flatMap((concept) => byConcept.get(concept) ?? []),
    );
    const places = new Set<number>();
    for (const start of choices[0] ?? []) {
      if (places.has(start.from)) continue;
      const found = complete(rule, choices, [start]);
      if (found === undefined) continue;
      places.add(start.from);
      firings.push({ rule, hits: found });
    }
  }
  return firings;
}

/** One hit for each further concept, none sharing a word with another, all within the rule's reach. */
function complete(rule: Rule, choices: readonly Hit[][], chosen: readonly Hit[]): readonly Hit[] | undefined {
  const options = choices[chosen.length];
  if (options === undefined) return chosen;
  for (const option of options) {
    if (chosen.some((hit) => option.from < hit.to && hit.from < option.to)) continue;
    const next = [...chosen, option];
    if (rule.within !== undefined && extent(next) > rule.within) continue;
    const found = complete(rule, choices, next);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Words from the first to the last, both counted. */
function extent(hits: readonly Hit[]): number {
  return Math.max(...hits.map((hit) => hit.to)) - Math.min(...hits.map((hit) => hit.from));
}
