import { promptEncoder } from '@atelier/local-mesh';
import { defaultBundlePath } from '@atelier/models';
import { afterAll, describe, expect, it } from 'vitest';
import { loadReader } from './reader.ts';

/** Scores of violence, on the policy's scale, that PyTorch's chances in float32 come to. */
const CLEAR: readonly (readonly [string, number])[] = [
  ['a lighthouse on a cliff at dusk', 0],
  ['a knight with a bloody sword', 0],
  ['a man beaten in the street', 1],
  ['a soldier shooting a kneeling prisoner', 1],
];
/** Between 0.2 and 0.9 in float32; int8 moves them. */
const DOUBTFUL = ['a wounded soldier', 'a zombie biting a woman', 'a prisoner in chains'];

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
