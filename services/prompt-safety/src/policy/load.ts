/** Reads the policies that ship with the service and checks that their rules name concepts that exist. */
import { readFileSync } from 'node:fs';
import naughtyWords from 'naughty-words';
import { type Policy, policySchema } from './schema.ts';

/** Parses a policy. Throws with every problem named: a rule that can never fire is a hole. */
export function parsePolicy(json: unknown): Policy {
  const policy = policySchema.parse(json);
  const known = new Set(Object.keys(policy.concepts)).add(policy.profanity.concept);
  const problems = policy.rules.flatMap((rule) =>
    [...rule.all.flatMap((either) => either.split('|')), ...rule.unless]
      .filter((concept) => !known.has(concept))
      .map((concept) => `rule ${rule.id} names the unknown concept ${concept}`),
  );
  for (const { concepts } of policy.mitigations) {
    for (const concept of concepts)
      if (!known.has(concept)) problems.push(`a mitigation names the unknown concept ${concept}`);
  }
  for (const { concept } of policy.escalations)
    if (!known.has(concept)) problems.push(`an escalation names the unknown concept ${concept}`);
  const ids = policy.rules.map((rule) => rule.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at)))
    problems.push(`rule ${id} appears twice`);
  if (problems.length > 0) throw new Error(`policy ${policy.version}: ${problems.join('; ')}`);
  return policy;
}

/** The policy for English. */
export function englishPolicy(): Policy {
  return parsePolicy(JSON.parse(readFileSync(new URL('en.json', import.meta.url), 'utf8')));
}

/** The package's words in Latin letters, of all its languages, that the policy does not place elsewhere. */
export function profanityWords(policy: Policy): { english: string[]; foreign: string[] } {
  const placed = new Set(
    Object.values(policy.concepts)
      .flat()
      .map((term) => term.replace(/^=/u, '')),
  );
  const except = new Set(policy.profanity.except);
  const keep = (word: string): boolean => !placed.has(word) && !except.has(word) && word.length > 2;
  const foreign = Object.entries(naughtyWords)
    .filter(([language]) => language !== 'en')
    .flatMap(([, list]) => list);
  return {
    english: (naughtyWords.en ?? []).filter(keep),
    foreign: [...new Set(foreign)].filter((word) => keep(word) && word.length > 3),
  };
}
