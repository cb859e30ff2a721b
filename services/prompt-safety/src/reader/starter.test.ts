import { promptEncoder } from '@atelier/local-mesh';
import { defaultBundlePath } from '@atelier/models';
import { afterAll, describe, expect, it } from 'vitest';
import { loadReader } from './reader.ts';

/** Chances of violence that PyTorch computes in float32; the starter's threshold for it is 0.5, so that scores are chances. */
const CLEAR: readonly (readonly [string, number])[] = [
  ['a lighthouse on a cliff at dusk', 0],
  ['a knight with a bloody sword', 0],
  ['dead bodies on a battlefield', 1],
  ['a soldier shooting a kneeling prisoner', 1],
];
/** Between 0.1 and 0.9 in float32; int8 moves them. */
const DOUBTFUL = [
  'a crowd throwing stones at a man',
  'a prisoner in chains',
  'a wrestler choking his opponent',
];

const encoder = await promptEncoder();

// Without pip's registry there is no encoder to test.
describe.skipIf(encoder === undefined)("the starter's prompt reader", async () => {
  const reader = encoder === undefined ? undefined : await loadReader(defaultBundlePath(), encoder, {});
  afterAll(() => reader?.close());

  const violence = async (texts: readonly string[]): Promise<number[]> => {
    const words = texts.map((text) => text.split(' '));
    const scores = (await reader?.classify(words, new AbortController().signal)) ?? [];
    return scores.map((each) => each.violence);
  };

  it('is as sure as PyTorch is of what is clear', async () => {
    const scores = await violence(CLEAR.map(([text]) => text));
    expect(scores).toEqual(CLEAR.map(([, chance]) => expect.closeTo(chance, 1)));
  });

  it('is as unsure of what is not', async () => {
    for (const score of await violence(DOUBTFUL)) {
      expect(score).toBeGreaterThan(0.01);
      expect(score).toBeLessThan(0.99);
    }
  });
});
