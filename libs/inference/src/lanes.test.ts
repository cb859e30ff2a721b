import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createLanes, type LanedSession } from './lanes.ts';
import { tensor } from './tensor.ts';

const fixture = (file: string): string => fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));
const iterations = (count: number) => ({ iterations: tensor('int64', [], BigInt64Array.of(BigInt(count))) });

/** Runs given at once; gives each one's order of ending. */
async function finishOrder(session: LanedSession, counts: readonly number[]): Promise<number[]> {
  const ended: number[] = [];
  await Promise.all(
    counts.map(async (count, i) => {
      await session.run(iterations(count));
      ended.push(i);
    }),
  );
  return ended;
}

test('a short run overtakes a long one once both lanes are open and gave the same bits', async () => {
  const session = await createLanes(fixture('slow.onnx'), { name: 'slow', threads: 2, lanes: 2 });
  try {
    expect(session.lanes).toBe(2);
    const alone = await session.run(iterations(3));
    // The first overlap opens the lanes, a later one compares them.
    let order: number[] = [];
    for (let i = 0; i < 200 && order[0] !== 1; i++) order = await finishOrder(session, [2_000, 1]);
    expect(order).toEqual([1, 0]);
    const [one, two] = await Promise.all([session.run(iterations(3)), session.run(iterations(3))]);
    expect(one).toEqual(alone);
    expect(two).toEqual(alone);
  } finally {
    await session.close();
  }
  await expect(session.run(iterations(1))).rejects.toMatchObject({ reason: 'SESSION_CLOSED' });
});

test('with one thread there is one lane', async () => {
  const session = await createLanes(fixture('affine.onnx'), { name: 'affine', lanes: 4 });
  expect(session.lanes).toBe(1);
  await session.close();
});

test('closing while the lanes open leaves nothing behind', async () => {
  const session = await createLanes(fixture('slow.onnx'), { name: 'slow', threads: 2, lanes: 2 });
  const runs = Promise.allSettled([session.run(iterations(50)), session.run(iterations(50))]);
  await session.close();
  await runs;
  expect(session.pending).toBe(0);
  await expect(session.run(iterations(1))).rejects.toMatchObject({ reason: 'SESSION_CLOSED' });
});
