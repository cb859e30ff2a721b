import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { createSession, type InferenceSession, type SessionOptions } from './session.ts';
import { sharedFloat32, type Tensor, tensor } from './tensor.ts';

const fixture = (file: string): string => fileURLToPath(new URL(`../fixtures/${file}`, import.meta.url));
const opened: InferenceSession[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((session) => session.close()));
});

async function open(file: string, options: Partial<SessionOptions> = {}): Promise<InferenceSession> {
  const session = await createSession(fixture(file), { name: file.replace('.onnx', ''), ...options });
  opened.push(session);
  return session;
}
/** In a worker, and on the calling thread. */
const PLACES = [{ inline: false }, { inline: true }];
const row = (...values: number[]): Tensor =>
  tensor('float32', [1, values.length], Float32Array.of(...values));
const iterations = (count: number): { iterations: Tensor } => ({
  iterations: tensor('int64', [], BigInt64Array.of(BigInt(count))),
});

test.each(PLACES)('computes, and says what goes in and out: %o', async (place) => {
  const session = await open('affine.onnx', place);
  expect(session.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['batch', 4] }]);
  const { y, sum } = await session.run({ x: row(1, 2, 3, 4) });
  expect(y).toEqual({ type: 'float32', dims: [1, 4], data: Float32Array.of(3, 5, 7, 9) });
  expect(sum?.data).toEqual(Float32Array.of(10));
});

test('opens a model from its bytes', async () => {
  const session = await createSession(readFileSync(fixture('affine.onnx')), { name: 'bytes' });
  opened.push(session);
  expect((await session.run({ x: row(0, 0, 0, 0) })).y?.data).toEqual(Float32Array.of(1, 1, 1, 1));
});

test('moves whole buffers, shares shared ones, copies views on a part', async () => {
  const session = await open('affine.onnx');
  const whole = Float32Array.of(1, 2, 3, 4);
  await session.run({ x: tensor('float32', [1, 4], whole) });
  expect(whole.byteLength).toBe(0);

  const shared = sharedFloat32([1, 4]);
  shared.data.set([1, 1, 1, 1]);
  for (let i = 0; i < 3; i++) {
    expect((await session.run({ x: shared })).y?.data).toEqual(Float32Array.of(3, 3, 3, 3));
  }
  const pool = Float32Array.of(9, 1, 2, 3, 4, 9);
  const part = await session.run({ x: tensor('float32', [1, 4], pool.subarray(1, 5)) });
  expect(part.y?.data).toEqual(Float32Array.of(3, 5, 7, 9));
  expect(pool.length).toBe(6);
});

test.each(PLACES)('passes every element type through unchanged: %o', async (place) => {
  const session = await open('kinds.onnx', place);
  const feeds = {
    f16: tensor('float16', [2], Uint16Array.of(0x3c00, 0x7bff)),
    f64: tensor('float64', [2], Float64Array.of(Math.PI, -0)),
    i64: tensor('int64', [2], BigInt64Array.of(2n ** 62n, -1n)),
    i32: tensor('int32', [2], Int32Array.of(1, -2)),
    i8: tensor('int8', [2], Int8Array.of(1, -128)),
    u8: tensor('uint8', [2], Uint8Array.of(0, 255)),
    b: tensor('bool', [2], Uint8Array.of(0, 1)),
  };
  const expected = structuredClone(feeds);
  const outputs = await session.run(feeds);
  for (const [name, value] of Object.entries(expected)) expect(outputs[`${name}_out`]).toEqual(value);

  // Inputs may lie in one buffer.
  const bytes = Uint8Array.of(0, 1);
  const twice = { u8: tensor('uint8', [2], bytes), b: tensor('bool', [2], bytes) };
  for (const _ of [1, 2]) {
    const { u8_out, b_out } = await session.run(structuredClone({ ...expected, ...twice }));
    expect([u8_out?.data, b_out?.data]).toEqual([Uint8Array.of(0, 1), Uint8Array.of(0, 1)]);
  }
});

test.each([
  ['a missing input', {}, 'Input "x" of model "affine" is missing'],
  ['a wrong type', { x: tensor('int32', [1, 4], new Int32Array(4)) }, 'must be float32, not int32'],
  ['a wrong size', { x: row(1, 2, 3) }, 'must have shape [batch, 4], not [1, 3]'],
  ['a wrong rank', { x: tensor('float32', [4], new Float32Array(4)) }, 'must have shape [batch, 4], not [4]'],
  ['an extra input', { x: row(1, 2, 3, 4), z: row(1) }, 'has no input "z"'],
])('refuses %s by name', async (_what, feeds, message) => {
  const session = await open('affine.onnx');
  await expect(session.run(feeds as Record<string, Tensor>)).rejects.toMatchObject({
    reason: 'INPUT_MISMATCH',
    message: expect.stringContaining(message),
  });
});

test.each(PLACES)(
  'refuses an unknown provider, an absent accelerator, a missing and a damaged model: %o',
  async (place) => {
    const refused = (model: string | Uint8Array, providers?: string[]) =>
      expect(createSession(model, { name: 'm', ...place, ...(providers && { providers }) })).rejects;
    await refused(fixture('affine.onnx'), ['cudaa']).toMatchObject({
      reason: 'UNKNOWN_PROVIDER',
      message: expect.stringContaining('known: cpu, cuda'),
    });
    await refused(fixture('affine.onnx'), ['cuda']).toMatchObject({
      reason: 'PROVIDER_UNAVAILABLE',
      message: expect.stringContaining('"cuda"'),
    });
    await refused(fixture('absent.onnx')).toMatchObject({
      reason: 'MODEL_LOAD_FAILED',
      message: expect.stringContaining('absent.onnx'),
    });
    await refused(readFileSync(fixture('affine.onnx')).subarray(0, 100)).toMatchObject({
      reason: 'MODEL_LOAD_FAILED',
    });
  },
);

test('the event loop keeps turning while a model computes', async () => {
  const session = await open('slow.onnx');
  let turns = 0;
  const clock = setInterval(() => turns++, 5);
  const { computeMs } = await session.runTimed(iterations(2000));
  clearInterval(clock);
  expect(computeMs).toBeGreaterThan(100);
  // On an idle machine about 5 ms apart; on this thread there would be none.
  expect(computeMs / turns).toBeLessThan(50);
});

test('a small model on the calling thread blocks it; a worker does not', async () => {
  const turnsDuring = async (options: Partial<SessionOptions>): Promise<number> => {
    const session = await open('slow.onnx', options);
    let turns = 0;
    const clock = setInterval(() => turns++, 5);
    await session.run(iterations(2000));
    clearInterval(clock);
    return turns;
  };
  expect(await turnsDuring({ inline: true })).toBeLessThan(2);
  expect(await turnsDuring({ inline: false })).toBeGreaterThan(2);
});

test.each(PLACES)(
  'a waiting run can be aborted and never computes; an aborted one frees its caller: %o',
  async (place) => {
    const session = await open('slow.onnx', place);
    const computing = new AbortController();
    const first = session.run(iterations(200), { signal: computing.signal });
    const waiting = new AbortController();
    const second = session.run(iterations(1e9), { signal: waiting.signal });
    expect(session.pending).toBe(2);
    waiting.abort();
    computing.abort();
    await expect(second).rejects.toMatchObject({ reason: 'RUN_ABORTED' });
    await expect(first).rejects.toMatchObject({ reason: 'RUN_ABORTED' });
    expect((await session.run(iterations(1))).trace?.dims).toEqual([]);
  },
);

test.each(PLACES)('a full queue refuses: %o', async (place) => {
  const session = await open('slow.onnx', { maxQueued: 1, ...place });
  const served = [session.run(iterations(50)), session.run(iterations(1))];
  await expect(session.run(iterations(1))).rejects.toMatchObject({ reason: 'QUEUE_FULL' });
  await Promise.all(served);
});

test.each(PLACES)('closing while computing finishes that run and refuses the rest: %o', async (place) => {
  const session = await open('slow.onnx', place);
  const computing = session.run(iterations(1000));
  const waiting = session.run(iterations(1));
  const refused = expect(waiting).rejects.toMatchObject({ reason: 'SESSION_CLOSED' });
  await Promise.all([session.close(), session.close()]);
  await refused;
  expect((await computing).trace?.type).toBe('float32');
  await expect(session.run(iterations(1))).rejects.toMatchObject({ reason: 'SESSION_CLOSED' });
});

describe('a model in the worker thread of another', () => {
  const pair = async () => {
    const slow = await open('slow.onnx');
    return { slow, affine: await open('affine.onnx', { beside: slow }) };
  };

  test('computes, when the other has', async () => {
    const { slow, affine } = await pair();
    const order: string[] = [];
    const first = slow.run(iterations(500)).then(() => order.push('slow'));
    const second = affine.run({ x: row(1, 2, 3, 4) }).then(({ y }) => {
      expect(y?.data).toEqual(Float32Array.of(3, 5, 7, 9));
      order.push('affine');
    });
    await Promise.all([first, second]);
    expect(order).toEqual(['slow', 'affine']);
  });

  test.each(['slow', 'affine'] as const)('goes on when %s is closed', async (closed) => {
    const { slow, affine } = await pair();
    await { slow, affine }[closed].close();
    if (closed === 'slow') expect((await affine.run({ x: row(0, 0, 0, 0) })).y?.dims).toEqual([1, 4]);
    else expect((await slow.run(iterations(1))).trace?.type).toBe('float32');
  });

  test('is refused alone when it can not be opened', async () => {
    const slow = await open('slow.onnx');
    const beside = createSession(fixture('absent.onnx'), { name: 'absent', beside: slow });
    await expect(beside).rejects.toMatchObject({ reason: 'MODEL_LOAD_FAILED' });
    expect((await slow.run(iterations(1))).trace?.type).toBe('float32');
  });

  test('has a thread of its own when the other has none', async () => {
    const inline = await open('affine.onnx', { inline: true });
    const slow = await open('slow.onnx', { beside: inline });
    expect((await slow.run(iterations(1))).trace?.type).toBe('float32');
  });
});

test('a worker that dies fails its run with a typed error', async () => {
  const script = new URL('../fixtures/dying-worker.ts', import.meta.url);
  const session = await createSession('unused', { name: 'mortal' }, script);
  const runs = [session.run({}), session.run({})];
  for (const run of runs) {
    await expect(run).rejects.toMatchObject({
      reason: 'WORKER_CRASHED',
      message: expect.stringContaining('died: out of luck'),
    });
  }
  await session.close();
});
