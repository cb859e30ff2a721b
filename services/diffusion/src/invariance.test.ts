import { afterAll, expect, test } from 'vitest';
import { BatchLimits, isBatchInvariant, probe } from './invariance.ts';
import type { Denoiser } from './model.ts';
import { loadTinyDenoiser } from './service.fixture.ts';

const tiny = await loadTinyDenoiser();
afterAll(() => tiny.close());

/** A network whose answers change in a late bit in batches of more than `limit` pictures, as some kernels' do. */
function sensitive(limit: number, onRun = () => {}): Denoiser {
  return {
    ...tiny,
    async predict(drawings) {
      onRun();
      const predicted = await tiny.predict(drawings);
      if (drawings.length > limit)
        for (const output of predicted.outputs) output[7] = (output[7] ?? 0) + 1e-6;
      return predicted;
    },
  };
}

test('a network that keeps its bits is batched as asked, one that does not as far as it does', async () => {
  expect(await isBatchInvariant(tiny, 4, 2, 5)).toBe(true);
  expect(await new BatchLimits(tiny, 4).of(probe(tiny, 0, 2, 5))).toBe(4);
  expect(await new BatchLimits(sensitive(2), 8).of(probe(tiny, 0, 2, 5))).toBe(2);
  expect(await new BatchLimits(sensitive(1), 8).of(probe(tiny, 0, 2, 5))).toBe(1);
});

test('each shape is asked for once, and none when there are no batches', async () => {
  let runs = 0;
  const counting = sensitive(9, () => runs++);
  const limits = new BatchLimits(counting, 2);
  await Promise.all([limits.of(probe(tiny, 0, 2, 5)), limits.of(probe(tiny, 1, 2, 5))]);
  expect(runs).toBe(3);
  await limits.of(probe(tiny, 0, 2, 6));
  expect(runs).toBe(6);
  await new BatchLimits(counting, 1).of(probe(tiny, 0, 2, 7));
  expect(runs).toBe(6);
});
