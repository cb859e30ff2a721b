/** Phrases that a language model proposes: which of them may stand behind a prompt, and what they say. */
import type { Domain, Facet } from './facets.ts';
import { COLOUR_WORDS, facetsOf, facetsOfPhrases } from './lexicon.ts';
import { speaksOfPeople } from './people.ts';
import { type AdditionKind, SLOTS } from './phrases.ts';
import { SMALL, type Understanding, wordsOf } from './understanding.ts';

/** Words that are in many a phrase about weather and light, and then say nothing of the place. */
const AMBIENT = ['sky', 'skies', 'ground', 'air', 'light'];
const MAX_WORDS = 9;

/** By what a phrase says first. */
const KINDS: readonly (readonly [Facet, AdditionKind])[] = [
  ['style', 'style'],
  ['background', 'setting'],
  ['place', 'setting'],
  ['season', 'weather'],
  ['weather', 'weather'],
  ['time', 'light'],
];

export interface Proposal {
  kind: AdditionKind;
  text: string;
}

/** What a phrase settles. */
export function facetsOfPhrase(phrase: string): ReadonlySet<Facet> {
  const words = wordsOf(phrase).filter((word) => !AMBIENT.includes(word));
  return new Set([...words.flatMap(facetsOf), ...facetsOfPhrases(words.join(' '))]);
}

/** Facets that are a matter of what the picture is of: a portrait has a background and no season. */
const BY_DOMAIN = new Set(SLOTS.map(({ settles }) => settles));
const suits = (facet: Facet, domain: Domain): boolean =>
  !BY_DOMAIN.has(facet) ||
  SLOTS.some(({ settles, domains }) => settles === facet && domains.includes(domain));

const NEGATION = /\b(no|not|without|never)\b/;

/**
 * Those of the phrases, in order, that contradict nothing: none speaks of what the prompt or an earlier phrase has settled or names, of
 * people or of who they are; none takes something away, brings a colour back (a circle would vanish on a background of its
 * own), or says what does not suit such a picture; and the models know every word.
 */
export function acceptable(
  phrases: readonly string[],
  prompt: string,
  { domain, settled: stated }: Understanding,
  knows: (phrase: string) => boolean,
): Proposal[] {
  const settled = new Set(stated);
  const colours = new Set(domain === 'abstract' ? wordsOf(prompt).filter(isColour) : []);
  const named = new Set(wordsOf(prompt).filter((word) => !SMALL.has(word)));
  const accepted: Proposal[] = [];
  for (const text of phrases) {
    const words = wordsOf(text);
    const facets = facetsOfPhrase(text);
    const contradicts =
      [...facets].some((facet) => settled.has(facet) || !suits(facet, domain)) ||
      speaksOfPeople(text) ||
      (NEGATION.test(text) && facets.size === 0);
    const repeats = words.some((word) => (isColour(word) ? colours : named).has(word));
    const empty = words.every((word) => SMALL.has(word) || isColour(word));
    if (empty || words.length > MAX_WORDS || contradicts || repeats || !knows(text)) continue;
    accepted.push({ kind: KINDS.find(([facet]) => facets.has(facet))?.[1] ?? 'detail', text });
    for (const facet of facets) settled.add(facet);
    for (const word of words) if (!SMALL.has(word)) (isColour(word) ? colours : named).add(word);
  }
  return accepted;
}

const isColour = (word: string): boolean => COLOUR_WORDS.includes(word);
