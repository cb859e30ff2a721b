import { describe, expect, it } from 'vitest';
import { mixed, type Predict } from './next-words.ts';
import { NgramModel } from './ngram.ts';
import { BOUNDARY } from './tokens.ts';
import { WordTable } from './word-probabilities.ts';

const ngrams = NgramModel.learn([
  { key: 'a red boat', times: 3 },
  { key: 'a red house', times: 1 },
]);
/** A model of tokens that are words. */
const WORDS = ['boat', 'house', 'horse', 'barn', BOUNDARY];
const table = new WordTable(
  new Map(WORDS.map((word) => [word, 1])),
  { encode: (text) => [WORDS.indexOf(text.trim())] },
  WORDS.indexOf(BOUNDARY),
);
const saying =
  (probabilities: Record<string, number>): Predict =>
  async () =>
    table.opinion(Float32Array.from(WORDS, (word) => probabilities[word] ?? 0));
const tokens = async (predict: Predict, beginning = '') =>
  (await mixed(ngrams, predict).following('a red ', 3, beginning)).map(({ token }) => token);

describe('mixed', () => {
  it('adds what the neural model knows to what the n-grams know', async () => {
    expect(await tokens(saying({ horse: 0.9 }))).toEqual(['horse', 'boat', 'house']);
    expect(await tokens(saying({ house: 0.9 }))).toEqual(['house', 'boat', BOUNDARY]);
    expect((await tokens(saying({ [BOUNDARY]: 1 })))[0]).toBe(BOUNDARY);
  });

  it('finishes words: what is likelier among those that begin so', async () => {
    expect(await tokens(saying({ horse: 0.002, barn: 0.9 }), 'ho')).toEqual(['horse', 'house']);
  });

  it('keeps the n-grams’ order when the neural model is late', async () => {
    expect(await tokens(async () => undefined)).toEqual(['boat', 'house']);
  });
});

describe('WordTable', () => {
  const pieces: Record<string, number[]> = { ' boat': [1], ' house': [2], ' household': [2, 3] };
  const tokenizer = { encode: (text: string) => pieces[text] ?? [] };
  const counts = new Map([
    ['household', 1],
    ['boat', 5],
    ['house', 3],
    ['unspeakable', 1],
  ]);
  const opinion = new WordTable(counts, tokenizer, 4).opinion(Float32Array.of(0, 0.5, 0.4, 0, 0.1));

  it('shares a token among the words that begin with it', () => {
    expect(opinion.of('boat')).toBeCloseTo(0.5);
    expect(opinion.of('house')).toBeCloseTo(0.3);
    expect(opinion.of('household')).toBeCloseTo(0.1);
    expect(opinion.of(BOUNDARY)).toBeCloseTo(0.1);
    expect([opinion.of('unspeakable'), opinion.of('other'), opinion.of('hous')]).toEqual([0, 0, 0]);
  });

  it('finds the likeliest words with a beginning', () => {
    expect(opinion.best(2, '').words.map(({ token }) => token)).toEqual(['boat', 'house']);
    const { words, mass } = opinion.best(5, 'hou');
    expect(words.map(({ token }) => token)).toEqual(['house', 'household']);
    expect(mass).toBeCloseTo(0.4);
    expect(opinion.best(5, 'z')).toEqual({ words: [], mass: 0 });
  });

  it('does not ask the neural model where the n-grams saw the context often', async () => {
    const often = NgramModel.learn([{ key: 'a red boat', times: 200 }]);
    const never: Predict = () => Promise.reject(new Error('asked'));
    expect((await mixed(often, never).following('a red ', 3))[0]?.token).toBe('boat');
    await expect(mixed(often, never).following('red ', 3)).rejects.toThrow('asked');
    // Nor can they finish a word that they never saw.
    await expect(mixed(often, never).following('a red ', 3, 'ho')).rejects.toThrow('asked');
  });
});
