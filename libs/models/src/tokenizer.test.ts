import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tinyBundlePath } from '../fixtures/index.ts';
import { loadTokenizer } from './tokenizer.ts';
import { tokenWindows } from './windows.ts';

const tokenizer = await loadTokenizer(join(tinyBundlePath, 'tokenizer/tokenizer.json'));
const golden = JSON.parse(
  readFileSync(new URL('../fixtures/tokenizer-golden.json', import.meta.url), 'utf8'),
) as { text: string; ids: number[] }[];
const BOS = 1;
const EOS = 2;

test.each(golden)('gives the ids of the Python tokenizers for "$text"', ({ text, ids }) => {
  expect(tokenizer.encode(text)).toEqual(ids);
});

test('knows its padding and its size', () => {
  expect(tokenizer.padId).toBe(0);
  expect(tokenizer.tokenId('[EOS]')).toBe(EOS);
  expect(tokenizer.vocabularySize).toBeGreaterThan(100);
});

test('a file that is no tokenizer is named', async () => {
  await expect(loadTokenizer(join(tinyBundlePath, 'atelier.json'))).rejects.toThrow(
    /atelier\.json is not a tokenizer/,
  );
});

test('a short text is one window, the empty one too', () => {
  expect(tokenWindows(tokenizer, '', 16)).toEqual([[BOS, EOS]]);
  expect(tokenWindows(tokenizer, 'a boat on an ocean', 16)).toHaveLength(1);
});

test('a long text is split at word borders and nothing is lost', () => {
  const text = 'a red house on a green hill under a blue sky '.repeat(4).trim();
  const windows = tokenWindows(tokenizer, text, 16);
  for (const ids of windows) {
    expect(ids.length).toBeLessThanOrEqual(16);
    expect([ids[0], ids.at(-1)]).toEqual([BOS, EOS]);
  }
  expect(windows.flatMap((ids) => ids.slice(1, -1))).toEqual(tokenizer.encode(text, { special: false }));
});

test('a word longer than a window is split between characters', () => {
  const word = 'zqxj'.repeat(20);
  const windows = tokenWindows(tokenizer, `boat ${word} boat`, 16);
  expect(windows.every((ids) => ids.length <= 16)).toBe(true);
  const letters = windows.flatMap((ids) => ids.slice(1, -1)).length;
  expect(letters).toBeGreaterThanOrEqual(82);
});

const t5 = (name: string) => new URL(`../fixtures/t5/${name}`, import.meta.url);
const t5Golden = JSON.parse(readFileSync(t5('golden.json'), 'utf8')) as typeof golden;

test.each(t5Golden)('T5: gives the ids of the Python tokenizers for "$text"', async ({ text, ids }) => {
  const unigram = await loadTokenizer(fileURLToPath(t5('tokenizer.json')));
  expect(unigram.encode(text)).toEqual(ids);
  expect(unigram.padId).toBe(0);
});

test('the pad token that a model names wins', async () => {
  const path = join(tinyBundlePath, 'tokenizer/tokenizer.json');
  expect((await loadTokenizer(path, { padToken: '[EOS]' })).padId).toBe(EOS);
});
