/**
 * Ordinary words behind a masked vowel or two swapped letters. The policy's own words are found under more disguises
 * (disguises.ts); the rest of a prompt matters to a classifier, which reads the whole of it.
 */
import type { Dictionary } from './dictionary.ts';

const VOWELS = ['a', 'e', 'i', 'o', 'u'] as const;
const SHORTEST_MASKED = 4;
/** Shorter words have too many neighbours. */
const SHORTEST_SWAPPED = 6;
/** Longer than any word; keeps the work for one bounded. */
const LONGEST = 24;

/** Everyday words that `raw` (folded, as typed) may be meant for; none for a word that the dictionary has. */
export function repaired(raw: string, dictionary: Dictionary): string[] {
  if (raw.length > LONGEST) return [];
  if (raw.length >= SHORTEST_MASKED && /^\p{L}+\*\p{L}+$/u.test(raw))
    return VOWELS.map((vowel) => raw.replace('*', vowel)).filter(dictionary.isEveryday);
  if (raw.length < SHORTEST_SWAPPED || !/^\p{L}+$/u.test(raw) || dictionary.has(raw)) return [];
  const swaps = Array.from({ length: raw.length - 2 }, (_, at) => swapped(raw, at + 1));
  return [...new Set(swaps.filter((word) => word !== raw && dictionary.isEveryday(word)))];
}

/** The first letter stays: readers need it. */
const swapped = (word: string, at: number): string =>
  word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
