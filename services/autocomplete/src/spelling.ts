/** Correcting one slip in what has been typed, with the words of the index. */
import { beginsWithinOneEdit, withinOneEdit } from './edit-distance.ts';

/** Shorter words are too often right as they are, and too close to each other. */
const MIN_CORRECTED_LENGTH = 3;

/** A word with how often it occurs. */
export type WordCounts = ReadonlyMap<string, number>;

export class Spelling {
  readonly #words: WordCounts;

  constructor(words: WordCounts) {
    this.#words = words;
  }

  /** Whether the index has the word. */
  knows(word: string): boolean {
    return this.#words.has(word);
  }

  /**
   * The prefix (folded) with one word corrected, the likeliest first, at most `count`; none when no word or more than
   * one is in doubt. The last word counts as unfinished: it is in doubt when no word begins with it. One edit in all.
   */
  corrections(key: string, count: number): string[] {
    const parts = key.split(/([^\p{L}\p{N}'-]+)/u); // words at even places, what is between them at odd ones
    const last = parts.length - 1;
    const doubts = parts.flatMap((word, i) =>
      i % 2 === 0 && word && this.#doubtful(word, i === last) ? [i] : [],
    );
    const [place] = doubts;
    if (place === undefined || doubts.length > 1) return [];
    const typed = parts[place] as string;
    if (typed.length < MIN_CORRECTED_LENGTH) return [];
    const near = place === last ? beginsWithinOneEdit : withinOneEdit;
    return [...this.#words]
      .filter(([word]) => near(typed, word))
      .sort(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([word]) => parts.with(place, word).join(''));
  }

  #doubtful(word: string, unfinished: boolean): boolean {
    if (this.#words.has(word) || /^[\d-]+$/.test(word)) return false;
    if (!unfinished) return true;
    for (const known of this.#words.keys()) if (known.startsWith(word)) return false;
    return true;
  }
}
