import { expect, it } from 'vitest';
import type { Classifier } from './classifier.ts';
import { noScores, type Scores } from './score.ts';
import { withSecondOpinion } from './second-opinion.ts';

const signal = new AbortController().signal;
const saying = (name: string, ...answers: Scores[]): Classifier => ({
  language: 'en',
  identity: { name, version: '1', sha256: '0'.repeat(64) },
  classify: async () => answers,
  close: async () => {},
});

/** The first's score of violence after the second has spoken. */
async function violence(first: number, second: Partial<Scores>): Promise<number | undefined> {
  const both = withSecondOpinion(
    saying('first', { ...noScores(0), violence: first }),
    saying('second', { ...noScores(0), ...second }),
  );
  return (await both.classify([['a', 'duel']], signal))[0]?.violence;
}

it('moves a score by what the other makes of the text, whatever it calls it', async () => {
  expect(await violence(0.5, { hate: 0.5 })).toBeCloseTo(0.5);
  expect(await violence(0.5, { hate: 0.9, illegal: 0.2 })).toBeCloseTo(0.77);
  expect(await violence(0.5, { hate: 0.1 })).toBeCloseTo(0.23);
});

it('lets neither overrule the other alone', async () => {
  expect(await violence(0.97, { hate: 1e-9 })).toBeCloseTo(0.42, 2);
  expect(await violence(1, { hate: 1e-9 })).toBeGreaterThan(0.9);
  expect(await violence(0.01, { hate: 1 })).toBeCloseTo(0.311, 2);
});

it('says nothing of its own, and nothing where the other could not read', async () => {
  expect(await violence(0, { hate: 1 })).toBe(0);
  expect(await violence(0.8, {})).toBe(0.8);
});

it('is known by the first, and has no answer when one has none', async () => {
  const first = saying('first', noScores(0.4));
  const gone = { ...saying('second'), classify: () => Promise.reject(new Error('gone')) };
  expect(withSecondOpinion(first, gone).identity.name).toBe('first');
  await expect(withSecondOpinion(first, gone).classify([['a']], signal)).rejects.toThrow('gone');
  await expect(withSecondOpinion(gone, first).classify([['a']], signal)).rejects.toThrow('gone');
});
