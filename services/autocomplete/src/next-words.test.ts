import { describe, expect, it } from 'vitest';
import { mixed, type Predict } from './next-words.ts';
import { NgramModel } from './ngram.ts';
import { BOUNDARY } from './tokens.ts';
import { wordProbabilities } from './word-probabilities.ts';

const ngrams = NgramModel.learn([
  { key: 'a red boat', times: 3 },
  { key: 'a red house', times: 1 },
]);
const saying =
  (table: Record<string, number>): Predict =>
  async () =>
  (word) =>
    table[word] ?? 0;
const words = ['boat', 'house', 'horse', 'barn'];
const tokens = async (predict: Predict, beginning = '') =>
  (await mixed(ngrams, words, predict).following('a red ', 3, beginning)).map(({ token }) => token);

describe('mixed', () => {
  it('adds what the neural model knows to what the n-grams know', async () => {
    expect(await tokens(saying({ horse: 0.9 }))).toEqual(['horse', 'boat', 'house']);
    expect(await tokens(saying({ house: 0.9 }))).toEqual(['house', 'boat', 'horse']);
    expect((await tokens(saying({ [BOUNDARY]: 1 })))[0]).toBe(BOUNDARY);
  });

  it('finishes words: what is likelier among those that begin so', async () => {
    expect(await tokens(saying({ horse: 0.002, barn: 0.9 }), 'ho')).toEqual(['horse', 'house']);
  });

  it('keeps the n-grams’ order when the neural model is late', async () => {
    expect(await tokens(async () => undefined)).toEqual(['boat', 'house']);
  });
});

describe('wordProbabilities', () => {
  const pieces: Record<string, number[]> = { ' boat': [1], ' house': [2], ' household': [2, 3] };
  const tokenizer = { encode: (text: string) => pieces[text] ?? [] };
  const counts = new Map([
    ['boat', 5],
    ['house', 3],
    ['household', 1],
    ['unspeakable', 1],
  ]);
  const probability = wordProbabilities(counts, tokenizer, 4)(Float32Array.of(0, 0.5, 0.4, 0, 0.1));

  it('shares a token among the words that begin with it', () => {
    expect(probability('boat')).toBeCloseTo(0.5);
    expect(probability('house')).toBeCloseTo(0.3);
    expect(probability('household')).toBeCloseTo(0.1);
    expect(probability(BOUNDARY)).toBeCloseTo(0.1);
    expect([probability('unspeakable'), probability('other')]).toEqual([0, 0]);
  });
});
