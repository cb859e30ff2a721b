import { describe, expect, it } from 'vitest';
import { fold } from './fold.ts';
import { packIndex, unpackIndex } from './index-file.ts';
import { buildSuggester } from './language.ts';
import { fromNgrams } from './next-words.ts';
import { NgramModel } from './ngram.ts';
import type { Judge } from './suggester.ts';

const PROMPTS = {
  'a boat on an ocean': 9,
  'a boat on a lake': 5,
  'a boat at sunset': 2,
  'a dog in a meadow': 7,
  'a dog beside a tree': 3,
  'a donkey on a beach': 1,
  'Portrait of a woman with red hair': 4,
};

const suggester = (judge: Judge = async (texts) => texts.map(() => true)) => {
  const file = packIndex(
    'en',
    Object.entries(PROMPTS).map(([text, popularity]) => ({ text, popularity })),
  );
  const { prompts } = unpackIndex(file);
  const ngrams = NgramModel.learn(
    prompts.map(({ text, popularity }) => ({ key: fold(text), times: popularity })),
  );
  return buildSuggester({ prompts, ngrams, words: ngrams.wordCounts(), next: fromNgrams(ngrams), judge });
};
const texts = async (prefix: string, limit = 5) =>
  (await suggester().suggest(prefix, limit)).map(({ text }) => text);

describe('suggestions', () => {
  it('offers the most popular prompt for each next word, heaviest word first', async () => {
    expect((await texts('a boat ')).slice(0, 2)).toEqual(['a boat on an ocean', 'a boat at sunset']);
    expect(await texts('a do', 2)).toEqual(['a dog in a meadow', 'a donkey on a beach']);
  });

  it('keeps what was typed, letter by letter', async () => {
    expect((await texts('A  BOAT on an o'))[0]).toBe('A  BOAT on an ocean');
    expect((await texts('  portrait of a w'))[0]).toBe('portrait of a woman with red hair');
  });

  it('gives popular prompts for nothing', async () => {
    expect((await texts('', 3)).length).toBe(3);
    expect((await texts(''))[0]).toBe('a boat on an ocean');
  });

  it('goes on from prefixes that no prompt begins with', async () => {
    const [first] = await suggester().suggest('a purple avocado and a dog in ', 5);
    expect(first).toMatchObject({ text: 'a purple avocado and a dog in a meadow', source: 'language_model' });
  });

  it('has composed texts judged, but not those whose neighbours all stand so in the index', async () => {
    const asked: string[] = [];
    const judge: Judge = async (texts) => {
      asked.push(...texts);
      return texts.map(() => false);
    };
    // "ocean a" stands nowhere; "lake" follows "a" as it did before.
    expect(await suggester(judge).suggest('a boat on an ocean a dog in a ', 5)).toEqual([]);
    expect(asked).toContain('a boat on an ocean a dog in a meadow');
    asked.length = 0;
    const found = await suggester(judge).suggest('a dog in a l', 5);
    expect(found.map(({ text }) => text)).toEqual(['a dog in a lake']);
    expect(asked).toEqual([]);
  });

  it('corrects one slip', async () => {
    for (const slip of ['a baot on an', 'a boaat on an', 'a bot on an', 'a boat on an ocaen'])
      expect(fold((await texts(slip))[0] ?? '')).toBe('a boat on an ocean');
  });

  it('leaves words alone that are two slips away from any other, and short ones', async () => {
    for (const prefix of ['a bxxt on an o', 'a purple avocado on an o', 'an x on an o'])
      expect((await texts(prefix))[0]).toBe(`${prefix}cean`);
  });

  it('offers no composed text that prompt-safety would stop, and asks about every one', async () => {
    const asked: string[] = [];
    const found = await suggester(async (texts) => {
      asked.push(...texts);
      return texts.map(() => false);
    }).suggest('a purple avocado and a dog in ', 5);
    expect(found).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('never repeats itself and never exceeds the limit or 128 words', async () => {
    for (const prefix of ['', 'a', 'a ', 'a dog', 'the ', `${'very '.repeat(127)}a `]) {
      const found = await texts(prefix, 5);
      expect(new Set(found).size).toBe(found.length);
      expect(found.length).toBeLessThanOrEqual(5);
      for (const text of found) expect(text.split(/\s+/).length).toBeLessThanOrEqual(128);
    }
    expect(await texts('very '.repeat(128))).toEqual([]);
  });
});
