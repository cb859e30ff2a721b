import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MicroBatcher } from './micro-batcher.ts';

/** A batcher over a model that doubles numbers in `computeMs`, and the batches it was given. */
function doubler({ maxBatch = 4, maxDelayMs = 10, maxQueued = 100, computeMs = 5 } = {}) {
  const batches: number[][] = [];
  const batcher = new MicroBatcher<number, number>(
    async (items) => {
      batches.push([...items]);
      await sleep(computeMs);
      if (items.includes(13)) throw new Error('unlucky');
      return items.map((item) => item * 2);
    },
    (item) => (item % 2 ? 'odd' : 'even'),
    { maxBatch, maxDelayMs, maxQueued },
  );
  return { batcher, batches };
}

test('gathers what arrives together, by key, and gives each its own result', async () => {
  const { batcher, batches } = doubler();
  const results = await Promise.all([2, 3, 4, 5].map((item) => batcher.submit(item)));
  expect(results).toEqual([4, 6, 8, 10]);
  expect(batches).toEqual([
    [2, 4],
    [3, 5],
  ]);
});

test('a full batch goes at once, a lone item after the delay', async () => {
  const { batcher } = doubler({ maxDelayMs: 60, maxBatch: 2 });
  const started = performance.now();
  await Promise.all([batcher.submit(2), batcher.submit(4)]);
  expect(performance.now() - started).toBeLessThan(55);
  await batcher.submit(6);
  expect(performance.now() - started).toBeGreaterThan(60);
});

test('a failed batch fails its own items alone', async () => {
  const { batcher } = doubler();
  const [unlucky, lucky] = await Promise.allSettled([batcher.submit(13), batcher.submit(2)]);
  expect(unlucky?.status).toBe('rejected');
  expect(lucky).toEqual({ status: 'fulfilled', value: 4 });
});

test('a full queue refuses, an aborted item is never computed', async () => {
  const { batcher, batches } = doubler({ maxQueued: 2, maxDelayMs: 0, computeMs: 30 });
  const first = batcher.submit(2);
  const cancel = new AbortController();
  const second = batcher.submit(4, cancel.signal);
  const third = batcher.submit(6);
  await expect(batcher.submit(8)).rejects.toMatchObject({ reason: 'QUEUE_FULL' });
  cancel.abort();
  await expect(second).rejects.toMatchObject({ reason: 'RUN_ABORTED' });
  expect(await Promise.all([first, third])).toEqual([4, 12]);
  expect(batches).toEqual([[2], [6]]);
});
