import { describe, expect, it } from 'vitest';
import { gramRows, hashTexts, plainWords, wordRows } from './hashed.ts';

const sizes = { wordRows: 24_576, gramRows: 12_288, maxGrams: 16, maxWords: 160 };

describe('hashed words', () => {
  // The same figures stand in the trainer's test: both sides must read the table alike.
  it.each([
    ['a', [11611, 22040], [28017]],
    ['boat', [12286, 15723], [29917, 28942, 30684, 35075]],
    ['2077', [4916, 15861], [31938, 30681, 26734, 30872]],
  ])('%s has the rows that it was trained with', (word, rows, grams) => {
    expect(wordRows(word, sizes)).toEqual(rows);
    expect(gramRows(word, sizes).slice(0, 4)).toEqual(grams);
  });

  it('pads shorter texts with zeros', () => {
    const { length, words, grams } = hashTexts([['a', 'boat'], ['boat']], sizes);
    expect(length).toBe(2);
    expect([...words].map(Number)).toEqual([11611, 22040, 12286, 15723, 12286, 15723, 0, 0]);
    expect(grams.slice(3 * 16).every((row) => row === 0n)).toBe(true);
  });

  it('keeps letters a to z and digits, and no more words than the limit', () => {
    expect(plainWords(['well-known', 'лодка', '4k'], 2)).toEqual(['well', 'known']);
  });
});
