import { describe, expect, it } from 'vitest';
import { createNsfwClassifier } from './nsfwjs.ts';

const picture = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(90) };
const { signal } = new AbortController();

/** Ramps and ripples: smooth and sharp parts, all three channels different. */
function pattern(side: number) {
  const rgb = Uint8Array.from({ length: side * side * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3);
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    return [(x * 255) / side, 128 + 100 * Math.sin(y / 9), (x * y) % 256][index % 3] as number;
  });
  return { width: side, height: side, rgb };
}

describe('the nsfwjs classifier', () => {
  // Computed by TensorFlow.js 4.22 from the package's own layers model; 64 pixels take the way of small pictures.
  it.each([
    [64, [0.00108, 0.0001, 0.99457, 0.00421, 4e-5]],
    [200, [0.09794, 0.0015, 0.90042, 0.00011, 3e-5]],
    [300, [0.11915, 0.00706, 0.87276, 0.00081, 0.00022]],
  ])(
    'scores a picture of %i pixels as the published model does',
    async (side, expected) => {
      const classifier = await createNsfwClassifier({ maxQueued: 2, timeoutMs: 30_000 });
      const scores = Object.values(await classifier.classify(pattern(side), signal));
      for (const [index, score] of scores.entries()) expect(score).toBeCloseTo(expected[index] as number, 4);
      await classifier.close();
    },
    60_000,
  );

  it('gives probabilities that sum to one', async () => {
    const classifier = await createNsfwClassifier({ maxQueued: 2, timeoutMs: 30_000 });
    const scores = Object.values(await classifier.classify(picture, signal));
    expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 3);
    await classifier.close();
  }, 60_000);

  it('fails when it does not answer in time, and works again with a new thread', async () => {
    const classifier = await createNsfwClassifier({ maxQueued: 2, timeoutMs: 30_000 });
    const hurried = await createNsfwClassifier({ maxQueued: 2, timeoutMs: 1 });
    await expect(hurried.classify(picture, signal)).rejects.toMatchObject({ reason: 'INTERNAL' });
    // The next picture finds a thread, though no time to use it.
    await expect(hurried.classify(picture, signal)).rejects.toMatchObject({ reason: 'INTERNAL' });
    expect(Object.keys(await classifier.classify(picture, signal))).toContain('porn');
    await Promise.all([classifier.close(), hurried.close()]);
  }, 60_000);

  it('fails pictures that come after it closed', async () => {
    const classifier = await createNsfwClassifier({ maxQueued: 2, timeoutMs: 30_000 });
    await classifier.close();
    await expect(classifier.classify(picture, signal)).rejects.toMatchObject({ reason: 'INTERNAL' });
  }, 60_000);

  it('gives up on a picture that nobody waits for', async () => {
    const classifier = await createNsfwClassifier({ maxQueued: 2, timeoutMs: 30_000 });
    await expect(classifier.classify(picture, AbortSignal.abort())).rejects.toMatchObject({
      reason: 'CANCELLED',
    });
    await classifier.close();
  }, 60_000);
});
