/**
 * Finds the policy's words under disguises that change letters: misspelt, doubled, masked, reversed, without vowels.
 * Only words that are no ordinary English are looked up, so "shoot" and "shot" never become each other.
 */
import type { Dictionary } from './dictionary.ts';

/** Shorter words have too many neighbours one letter away. */
const SHORTEST_MISSPELT = 6;
const SHORTEST_SKELETON = 3;
/** Longer than any guarded word with some letters repeated; keeps the work for one word bounded. */
const LONGEST = 40;
const SHORTEST_REVERSED = 4;

export interface Disguises {
  /** Guarded words that `raw` (folded, as typed) may hide; empty for ordinary words. */
  unmask(raw: string): string[];
}

/** Index over `guarded` lower-case words and over their inflections that the dictionary knows. */
export function indexDisguises(guarded: Iterable<string>, dictionary: Dictionary): Disguises {
  const forms = new Set<string>();
  for (const word of guarded) {
    forms.add(word);
    for (const form of inflected(word)) if (dictionary.has(form)) forms.add(form);
  }
  const squeezed = new Map<string, string[]>();
  const skeletons = new Map<string, string[]>();
  const neighbours = new Map<string, string[]>();
  for (const form of forms) {
    append(squeezed, squeeze(form), form);
    if (skeleton(form).length >= SHORTEST_SKELETON && form.length <= 9)
      append(skeletons, skeleton(form), form);
    if (form.length >= SHORTEST_MISSPELT) for (const key of deletions(form)) append(neighbours, key, form);
  }
  const unmask = (raw: string): string[] => {
    if (raw.length > LONGEST) return [];
    if (raw.includes('*') || raw.includes('#')) return masked(raw, forms);
    const word = raw.replace(/[^\p{L}]/gu, '');
    if (word.length < SHORTEST_SKELETON || dictionary.has(word)) return [];
    const found = new Set<string>();
    if (/(.)\1/u.test(word)) for (const form of squeezed.get(squeeze(word)) ?? []) found.add(form);
    if (!/[aeiou]/u.test(word)) for (const form of skeletons.get(word) ?? []) found.add(form);
    const reversed = [...word].reverse().join('');
    if (word.length >= SHORTEST_REVERSED && forms.has(reversed)) found.add(reversed);
    if (word.length >= SHORTEST_MISSPELT - 1 && !/\d/u.test(raw)) {
      for (const key of deletions(word)) {
        for (const form of neighbours.get(key) ?? []) if (isOneEditAway(word, form)) found.add(form);
      }
    }
    return [...found];
  };
  return { unmask };
}

function inflected(word: string): string[] {
  const last = word.at(-1) ?? '';
  const bare = last === 'e' ? word.slice(0, -1) : word;
  return [`${word}s`, `${bare}ed`, `${bare}ing`, `${word}${last}ed`, `${word}${last}ing`];
}

function squeeze(word: string): string {
  return word.replace(/(.)\1+/gu, '$1');
}

function skeleton(word: string): string {
  return word.replace(/[aeiou]/gu, '');
}

/** "f**k": as many letters as marks, or any number for a single mark. */
function masked(raw: string, forms: ReadonlySet<string>): string[] {
  const letters = raw.replace(/[^\p{L}]/gu, '').length;
  if (letters < 2) return [];
  const single = raw.replace(/[^*#]/gu, '').length === 1;
  const pattern = new RegExp(
    `^${raw.replace(/[^\p{L}*#]/gu, '').replace(/[*#]/gu, single ? '\\p{L}{1,3}' : '\\p{L}')}$`,
    'u',
  );
  return [...forms].filter((form) => form.length >= 4 && pattern.test(form));
}

/** The word and what is left of it without each one letter: words one edit apart share one (SymSpell, Garbe 2012). */
function deletions(word: string): string[] {
  const keys = [word];
  for (let at = 0; at < word.length; at++) keys.push(word.slice(0, at) + word.slice(at + 1));
  return keys;
}

/** Damerau–Levenshtein distance of at most one, the first letter kept: readers need it, and names differ there. */
function isOneEditAway(a: string, b: string): boolean {
  if (a[0] !== b[0] || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const [restA, restB] = [a.slice(start, endA), b.slice(start, endB)];
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}

function append(index: Map<string, string[]>, key: string, value: string): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [value]);
  else list.push(value);
}
