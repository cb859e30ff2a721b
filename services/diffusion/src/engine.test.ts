import { create, GenerateImageRequestSchema } from '@atelier/contracts';
import { InferenceError } from '@atelier/inference';
import { Code } from '@atelier/rpc';
import { afterAll, expect, test } from 'vitest';
import { sampleSizeOf } from './canvas.ts';
import { Drawing } from './drawing.ts';
import { StepEngine } from './engine.ts';
import type { Denoiser } from './model.ts';
import { parseOrder } from './order.ts';
import { ddim } from './samplers/ddim.ts';
import { collect, embedding, loadTinyDenoiser } from './service.fixture.ts';

const tiny = await loadTinyDenoiser();
afterAll(() => tiny.close());
const never = new AbortController().signal;

function drawing(seed: number, steps: number, guidanceScale = 2): Drawing {
  const request = create(GenerateImageRequestSchema, {
    conditioning: embedding(0.1 * seed),
    negativeConditioning: embedding(0),
    seed,
    guidanceScale,
  });
  const { order, canvas } = parseOrder(request, tiny, true);
  return new Drawing(order, ddim(tiny.config, steps), canvas);
}
async function finish(engine: StepEngine, one: Drawing, remainingMs = Number.POSITIVE_INFINITY) {
  const outcomes = await collect(engine.draw(one, { signal: never, remainingMs }));
  return outcomes.at(-1)?.image;
}

test('compatible pictures share runs when allowed, each keeping its own timestep', async () => {
  const batches: number[] = [];
  const counting: Denoiser = {
    ...tiny,
    predict: (drawings) => {
      batches.push(drawings.length);
      return tiny.predict(drawings);
    },
  };
  const alone = await finish(new StepEngine(tiny, { maxDrawings: 8, maxBatch: 1 }), drawing(1, 6));
  const engine = new StepEngine(counting, { maxDrawings: 8, maxBatch: 4 });
  const [first] = await Promise.all(
    [drawing(1, 6), drawing(2, 9), drawing(3, 3), drawing(4, 3, 1)].map((one) => finish(engine, one)),
  );
  expect(batches).toContain(3);
  // 21 steps in all, and 3 runs to find out whether batches keep bits.
  expect(batches.length).toBeLessThan(21);
  expect(first).toEqual(alone);
});

test('a short picture overtakes a long one', async () => {
  const engine = new StepEngine(tiny, { maxDrawings: 8, maxBatch: 1 });
  const order: string[] = [];
  await Promise.all([
    finish(engine, drawing(1, 100)).then(() => order.push('long')),
    finish(engine, drawing(2, 3)).then(() => order.push('short')),
  ]);
  expect(order).toEqual(['short', 'long']);
});

test('no room: refused with the time to come back', async () => {
  const engine = new StepEngine(tiny, { maxDrawings: 1, maxBatch: 1 });
  const first = finish(engine, drawing(1, 30));
  await expect(finish(engine, drawing(2, 3))).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    reason: 'QUEUE_FULL',
    retryAfterMs: expect.any(Number),
  });
  expect(await first).toBeDefined();
  expect(await finish(engine, drawing(2, 3))).toBeDefined();
});

test('no time: refused as soon as the speed is known', async () => {
  const engine = new StepEngine(tiny, { maxDrawings: 8, maxBatch: 1 });
  await finish(engine, drawing(1, 3));
  await expect(finish(engine, drawing(1, 1000), 1)).rejects.toMatchObject({ reason: 'DEADLINE_TOO_SHORT' });
});

test('NaN or a failed run fails its own picture alone', async () => {
  const unlucky = drawing(2, 6);
  const poisoned: Denoiser = {
    ...tiny,
    predict: async (drawings) => {
      const predicted = await tiny.predict(drawings);
      if (unlucky.stepsLeft === 4) predicted.outputs[drawings.indexOf(unlucky)]?.fill(Number.NaN);
      return predicted;
    },
  };
  const engine = new StepEngine(poisoned, { maxDrawings: 8, maxBatch: 2 });
  const [well, ill] = await Promise.allSettled([finish(engine, drawing(1, 5)), finish(engine, unlucky)]);
  expect(well.status).toBe('fulfilled');
  expect(ill).toMatchObject({ status: 'rejected', reason: { reason: 'NON_FINITE_OUTPUT' } });

  const broken: Denoiser = {
    ...tiny,
    predict: () => Promise.reject(new InferenceError('RUN_FAILED', 'broken')),
  };
  const failing = new StepEngine(broken, { maxDrawings: 8, maxBatch: 1 });
  await expect(finish(failing, drawing(1, 5))).rejects.toMatchObject({ reason: 'RUN_FAILED' });
  expect(failing.size).toBe(0);
});

test('as many runs overlap as there are lanes, and a picture keeps its bytes in them', async () => {
  const alone = await finish(new StepEngine(tiny, { maxDrawings: 8, maxBatch: 1 }), drawing(1, 6));
  let most = 0;
  let running = 0;
  const laned: Denoiser = {
    ...tiny,
    lanes: 2,
    predict: async (drawings) => {
      most = Math.max(most, ++running);
      const predicted = await tiny.predict(drawings);
      running--;
      return predicted;
    },
  };
  const engine = new StepEngine(laned, { maxDrawings: 8, maxBatch: 1 });
  const [first] = await Promise.all([1, 2, 3].map((seed) => finish(engine, drawing(seed, 6))));
  expect(most).toBe(2);
  expect(first).toEqual(alone);
});

test('only a picture that is drawn has its prompt completed, and one whose prompt cannot be fails alone', async () => {
  const completed: string[] = [];
  const completing = (name: string, steps: number): Drawing => {
    const { order, canvas } = parseOrder(
      create(GenerateImageRequestSchema, { conditioning: embedding(0.1), guidanceScale: 1 }),
      tiny,
      true,
    );
    const complete = async (prompt: typeof order.prompt) => {
      completed.push(name);
      if (name === 'ill') throw new InferenceError('RUN_FAILED', 'no prior');
      return prompt;
    };
    return new Drawing({ ...order, complete }, ddim(tiny.config, steps), canvas);
  };
  const engine = new StepEngine(tiny, { maxDrawings: 8, maxBatch: 2 });
  const [well, ill] = await Promise.allSettled([
    finish(engine, completing('well', 3)),
    finish(engine, completing('ill', 3)),
  ]);
  expect(well).toMatchObject({ status: 'fulfilled' });
  expect(ill).toMatchObject({ status: 'rejected', reason: { reason: 'RUN_FAILED' } });
  await expect(finish(engine, completing('refused', 500), 1)).rejects.toMatchObject({
    reason: 'DEADLINE_TOO_SHORT',
  });
  expect(completed.toSorted()).toEqual(['ill', 'well']);
});

test('a picture that the machine, slower than it was, cannot finish in time is given up', async () => {
  let delayMs = 1;
  const slowing: Denoiser = {
    ...tiny,
    predict: async (drawings) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const outputs = drawings.map(({ rows, canvas }) => new Float32Array(rows * sampleSizeOf(canvas)));
      return { outputs, computeMs: delayMs };
    },
  };
  const engine = new StepEngine(slowing, { maxDrawings: 8, maxBatch: 1 });
  await finish(engine, drawing(1, 20));
  const patient = finish(engine, drawing(2, 30));
  const doomed = finish(engine, drawing(3, 40), 2_000);
  delayMs = 100;
  await expect(doomed).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    message: expect.stringContaining('slower'),
    retryAfterMs: expect.any(Number),
  });
  expect(await patient).toBeDefined();
});
