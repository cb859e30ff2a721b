/** Reading who a prompt shows, and telling it without saying who. */
import { AMBIGUOUS_SKIN, ANYBODY, MANY, OCCUPATIONS, TRAIT_WORDS, type Trait } from './people-words.ts';
import { wordsOf } from './understanding.ts';

export const TRAITS = Object.keys(TRAIT_WORDS) as Trait[];

/** A trait's value; `stated` where it is settled without a value that is drawn; undefined where the prompt leaves it open. */
export type Stated = Partial<Record<Trait, string>>;

const traitOf = new Map<string, [Trait, string][]>();
for (const trait of TRAITS)
  for (const [value, list] of Object.entries(TRAIT_WORDS[trait]))
    for (const word of list) traitOf.set(word, [...(traitOf.get(word) ?? []), [trait, value]]);

/** A word like "policewoman"; not every word that ends so is one ("talisman"). */
const COMPOUND =
  /^(?:police|fire|business|sales|fisher|crafts|sports|chair|congress|mail|post|milk|noble|country|spokes|camera|air|cave|repair|weather)-?(woman|man)$/;

const isPronoun = (word: string): boolean =>
  /^(she|her|hers|herself|he|him|his|himself|they|them|their)$/.test(word);
const isGendered = (word: string): boolean =>
  COMPOUND.test(word) || (traitOf.get(word)?.some(([trait]) => trait === 'gender') ?? false);
/** A noun for one person. */
const isPersonNoun = (word: string): boolean =>
  (isGendered(word) && !isPronoun(word) && !TRAIT_WORDS.gender.stated.includes(word as never)) ||
  ANYBODY.includes(word) ||
  OCCUPATIONS.includes(word);
const isTraitWord = (word: string): boolean => traitOf.has(word) || COMPOUND.test(word);

/** Whether a phrase speaks of a person or of who somebody is. */
export const speaksOfPeople = (phrase: string): boolean =>
  wordsOf(phrase).some(
    (word) =>
      isPersonNoun(word) || MANY.includes(word) || (isTraitWord(word) && !AMBIGUOUS_SKIN.includes(word)),
  );

/** A name: a capital letter within a sentence. Whoever is named looks as they look. */
const CAPITALISED = /(?<=[^\s.!?:]\s+)\p{Lu}\p{Ll}+/gu;
const hasName = (prompt: string): boolean =>
  !isTitled(prompt) && (prompt.match(CAPITALISED) ?? []).some((word) => !isTraitWord(word.toLowerCase()));

/** What stands between two people. */
const SEVERAL = / and |, ?(?:an?|his|her|their) | with (?:an?|his|her|their) /i;

/**
 * What a prompt says of the one person that it shows. Undefined where it shows nobody, several, or somebody with a
 * name.
 */
export function readPerson(prompt: string): Stated | undefined {
  const found = wordsOf(prompt);
  const nouns = new Set(
    found.filter((word) => isPersonNoun(word) && !/^(portrait|headshot|close-up|face)$/.test(word)),
  );
  const shown = nouns.size > 0 || found.some((word) => ANYBODY.includes(word));
  const several =
    found.some((word) => MANY.includes(word)) || /\b(two|three|four|five|[2-9])\b/.test(found.join(' '));
  if (!shown || several || hasName(prompt)) return undefined;
  if (nouns.size > 1 && SEVERAL.test(prompt)) return undefined;
  const stated: Stated = {};
  found.forEach((word, at) => {
    const compound = COMPOUND.exec(word)?.[1];
    if (compound) stated.gender = compound;
    for (const [trait, value] of traitOf.get(word) ?? []) {
      if (AMBIGUOUS_SKIN.includes(word) && !describesPerson(found, at)) continue;
      if (stated[trait] === undefined || stated[trait] === 'stated') stated[trait] = value;
    }
  });
  if (/\b\d+[- ]years?[- ]old\b/i.test(prompt)) stated.age ??= 'stated';
  return stated;
}

/** Every word with a capital: that says nothing about names. */
const isTitled = (prompt: string): boolean => !/(^|\s)\p{Ll}{4,}/u.test(prompt);

/** Words that end what adjectives belong to. */
const BREAK =
  /^(and|or|with|in|on|at|of|by|from|to|a|an|the|is|has|wearing|who|whose|near|behind|under|before)$/;

/** Whether the adjective at a place belongs to a noun for a person: "a black cheerful woman", not "a black hat". */
function describesPerson(found: readonly string[], at: number): boolean {
  for (const word of found.slice(at + 1, at + 5)) {
    if (isPersonNoun(word)) return true;
    if (BREAK.test(word)) return false;
  }
  return false;
}

/** Adjectives and nouns of a person, in a row: "an elderly black woman". */
const WORD = "[\\p{L}\\p{N}]+(?:[-'’][\\p{L}\\p{N}]+)*";
const SKIN_TOLD = new RegExp(
  `\\s*(?:with|having|and)\\s+(?:an?\\s+)?(?:very\\s+)?(?:${WORD}\\s+){0,2}(?:skin(?: tone)?|complexion)\\b`,
  'giu',
);

/**
 * The prompt with whoever it shows made "a person": what a model goes on from, so that prompts that differ in who is
 * shown are one to it.
 */
export function withoutIdentity(prompt: string): string {
  const pieces = prompt.replace(SKIN_TOLD, '').split(/([^\p{L}\p{N}'’-]+)/u);
  const plain = pieces.map((piece) => wordsOf(piece)[0] ?? '');
  const following = (at: number): string[] => plain.slice(at + 1).filter((_, i) => i % 2 === 1);
  const told = pieces.map((piece, at): string => {
    const word = plain[at] as string;
    if (at % 2 === 1 || !word) return piece;
    if (isPronoun(word)) return /^(her|his|their|hers)$/.test(word) ? 'their' : 'they';
    if (TRAIT_WORDS.gender.stated.includes(word as never)) return piece;
    if (isGendered(word) || (ANYBODY.includes(word) && isTraitWord(word))) return 'person';
    const adjective = isTraitWord(word) && describesPerson([word, ...following(at)], 0);
    return adjective ? '' : piece;
  });
  return told
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/\ban (?=person\b)/gi, 'a ')
    .trim();
}
