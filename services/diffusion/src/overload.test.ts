import { setTimeout as sleep } from 'node:timers/promises';
import { Code, type RpcError } from '@atelier/rpc';
import { afterAll, expect, test } from 'vitest';
import { StepEngine } from './engine.ts';
import { probe } from './invariance.ts';
import type { Denoiser } from './model.ts';
import { uniform } from './policy.fixture.ts';
import { collect, loadTinyDenoiser } from './service.fixture.ts';

const STEP_MS = 10;
const OVERLOAD = 5;
const ARRIVALS_MS = 3_000;
const STEPS = [4, 20, 50];

const tiny = await loadTinyDenoiser();
afterAll(() => tiny.close());
/** Takes its time without taking the processor's: what is left is the engine's own doing. */
const patient: Denoiser = {
  ...tiny,
  predict: async (drawings) => {
    await sleep(STEP_MS);
    const elements = (rows: number) => rows * 3 * 64 * 64;
    return { outputs: drawings.map(({ rows }) => new Float32Array(elements(rows))), computeMs: STEP_MS };
  },
};

test('at five times its capacity the denoiser never idles, and little of its work comes too late', async () => {
  const engine = new StepEngine(patient, { maxDrawings: 32, maxBatch: 1 });
  const draw = async (steps: number, remainingMs: number, name: string): Promise<void> => {
    const { signal } = new AbortController();
    const caller = { name, priority: 'standard' } as const;
    await collect(engine.draw(probe(patient, steps - 1, 2, 3), { signal, remainingMs, caller }));
  };
  const speedBegan = performance.now();
  await draw(20, Number.POSITIVE_INFINITY, 'warm');
  const stepMs = (performance.now() - speedBegan) / 20;

  const random = uniform(3);
  const done = { steps: 0, lateSteps: 0, refused: 0 };
  const pending: Promise<void>[] = [];
  const began = performance.now();
  while (performance.now() - began < ARRIVALS_MS) {
    const steps = STEPS[Math.floor(random() * STEPS.length)] as number;
    const deadlineMs = 10 * steps * stepMs;
    const sent = performance.now();
    pending.push(
      draw(steps, deadlineMs, `caller-${pending.length % 4}`).then(
        () => {
          done.steps += steps;
          if (performance.now() - sent > deadlineMs) done.lateSteps += steps;
        },
        (error: unknown) => {
          expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, retryAfterMs: expect.any(Number) });
          expect((error as RpcError).retryAfterMs).toBeGreaterThan(0);
          done.refused++;
        },
      ),
    );
    await sleep((25 * stepMs) / OVERLOAD);
  }
  await Promise.all(pending);
  const possible = (performance.now() - began) / stepMs;
  expect(done.refused).toBeGreaterThan(0);
  expect(done.steps / possible).toBeGreaterThan(0.8);
  expect(done.lateSteps / done.steps).toBeLessThan(0.2);
});
