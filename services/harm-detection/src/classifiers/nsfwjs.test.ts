import { describe, expect, it } from 'vitest';
import { createNsfwClassifier } from './nsfwjs.ts';

const picture = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(90) };
const { signal } = new AbortController();

describe('the nsfwjs classifier', () => {
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
