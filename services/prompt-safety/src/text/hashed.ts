/** Words → rows of the classifier's table. The trainer computes the same numbers: both sides' tests hold the same examples. */

/** Sizes of the table that a classifier was trained with. */
export interface TableSizes {
  readonly wordRows: number;
  readonly gramRows: number;
  /** N-grams of a word, at most. */
  readonly maxGrams: number;
  /** Words of a text that are read. */
  readonly maxWords: number;
}

export const ROWS_PER_WORD = 2;
const GRAM_SEED = 2;
const GRAM_SIZES = [3, 4];

/** Texts as padded rows, 0 for padding: `words` int64 [texts, length, 2], `grams` int64 [texts, length, maxGrams]. */
export interface HashedTexts {
  readonly length: number;
  readonly words: BigInt64Array;
  readonly grams: BigInt64Array;
}

/** Splits words into runs of a–z and 0–9, as the trainer does; other letters are no words of its. */
export function plainWords(words: readonly string[], maxWords: number): string[] {
  return words.flatMap((word) => word.match(/[a-z0-9]+/gu) ?? []).slice(0, maxWords);
}

/** Hashes texts given as {@link plainWords}; length is that of the longest, at least 1. */
export function hashTexts(texts: readonly (readonly string[])[], sizes: TableSizes): HashedTexts {
  const length = Math.max(1, ...texts.map((text) => text.length));
  const words = new BigInt64Array(texts.length * length * ROWS_PER_WORD);
  const grams = new BigInt64Array(texts.length * length * sizes.maxGrams);
  for (const [row, text] of texts.entries()) {
    for (const [column, word] of text.entries()) {
      const place = row * length + column;
      words.set(wordRows(word, sizes).map(BigInt), place * ROWS_PER_WORD);
      grams.set(gramRows(word, sizes).map(BigInt), place * sizes.maxGrams);
    }
  }
  return { length, words, grams };
}

/** The two rows of a word: two words seldom share both (hash embeddings, Svenstrup 2017). */
export function wordRows(word: string, { wordRows: rows }: TableSizes): number[] {
  return [0, 1].map((seed) => 1 + (fnv1a(word, seed) % rows));
}

/** Rows of the 3- and 4-grams of `<word>`. */
export function gramRows(word: string, { wordRows: offset, gramRows: rows, maxGrams }: TableSizes): number[] {
  const framed = `<${word}>`;
  const found: number[] = [];
  for (const size of GRAM_SIZES)
    for (let at = 0; at + size <= framed.length && found.length < maxGrams; at++)
      found.push(1 + offset + (fnv1a(framed.slice(at, at + size), GRAM_SEED) % rows));
  return found;
}

/** 32-bit FNV-1a of ASCII text, the seed as its first byte (Fowler, Noll, Vo). */
function fnv1a(text: string, seed: number): number {
  let value = Math.imul(0x811c9dc5 ^ seed, 0x01000193);
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
