/** How soon the denoiser is free after a cancel, and whether others notice. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, percentile, rounded } from '@atelier/metrics';
import { type RecordedSpan, readSpanFile } from '@atelier/process';
import { uniform } from '../../services/diffusion/src/policy.fixture.ts';
import type { Benchmark } from './benchmark.ts';
import { type DiffusionUnderTest, startDiffusion } from './load/diffusion.ts';

const CANCELS = Number(process.env.ATELIER_BENCH_CANCELS ?? 60);
const CANCELLED_STEPS = 50;
const NEIGHBOURS = { pictures: 3, steps: 6 };
/** Spans are written a moment after they end. */
const FLUSH_MS = 1_000;

export const benchmark: Benchmark = {
  about: `${CANCELS} pictures cancelled at random moments of a step: when does the next one's first step begin?`,
  async run(log) {
    const folder = await mkdtemp(join(tmpdir(), 'atelier-bench-'));
    const traceFile = join(folder, 'trace.jsonl');
    const service = await startDiffusion({ ATELIER_TRACE_FILE: traceFile });
    try {
      const stepMs = await stepTime(service);
      log(`a step takes ${rounded(stepMs)} ms`);
      const random = uniform(1);
      const cancelledAt: number[] = [];
      for (let seed = 0; seed < CANCELS; seed++) {
        const cancel = new AbortController();
        const begun = Promise.withResolvers<void>();
        const { signal } = cancel;
        const doomed = service.draw({ steps: CANCELLED_STEPS, seed, signal }, () => begun.resolve());
        doomed.catch(begun.reject);
        await begun.promise;
        await sleep(random() * stepMs);
        cancelledAt.push(performance.timeOrigin + performance.now());
        cancel.abort();
        // One step: how its span is told from the others.
        await service.draw({ steps: 1, seed });
        await doomed.catch(() => {});
      }
      log('neighbours of cancelled pictures');
      const unharmed = await neighbours(service, stepMs, random);
      await sleep(FLUSH_MS);
      const free = freeAfter(cancelledAt, readSpanFile(traceFile));
      const cancelToFreeP99Ms = percentile(free, 0.99);
      return {
        cancelToFreeP99Ms: rounded(cancelToFreeP99Ms),
        stepMs: rounded(stepMs),
        beyondOneStepP99Ms: rounded(cancelToFreeP99Ms - stepMs),
        cancelToFreeP50Ms: rounded(median(free)),
        wholePictureMs: rounded(stepMs * CANCELLED_STEPS),
        wholePictureRatio: rounded((stepMs * CANCELLED_STEPS) / cancelToFreeP99Ms),
        cancels: free.length,
        neighboursUnharmed: `${unharmed} of ${NEIGHBOURS.pictures}`,
      };
    } finally {
      await service.stop();
      await rm(folder, { recursive: true });
    }
  },
};

/** Milliseconds a step, messages to the client included. */
async function stepTime({ draw }: DiffusionUnderTest): Promise<number> {
  await draw({ steps: 2, seed: 1 });
  const began = performance.now();
  await draw({ steps: 20, seed: 1 });
  return (performance.now() - began) / 20;
}

/** From each cancel to the first step of the picture that came right after it, milliseconds. */
function freeAfter(cancelledAt: readonly number[], spans: readonly RecordedSpan[]): number[] {
  const next = spans
    .filter(({ name, attributes }) => name === 'diffusion.sample' && attributes['diffusion.steps'] === 1)
    .flatMap(({ spanId }) => spans.filter((span) => span.parentSpanId === spanId))
    .map(({ startMs }) => startMs)
    .sort((a, b) => a - b);
  return cancelledAt.map((cancelMs) => {
    const startMs = next.find((candidate) => candidate >= cancelMs - 1);
    if (startMs === undefined) throw new Error('a step left no span');
    return Math.max(0, startMs - cancelMs);
  });
}

/** How many pictures have the same bytes beside cancelled ones as alone. */
async function neighbours(
  service: DiffusionUnderTest,
  stepMs: number,
  random: () => number,
): Promise<number> {
  let unharmed = 0;
  for (let seed = 0; seed < NEIGHBOURS.pictures; seed++) {
    const order = { steps: NEIGHBOURS.steps, seed };
    const alone = await service.draw(order);
    const cancels = [1, 2].map(async (other) => {
      const cancel = AbortSignal.timeout(Math.ceil((1 + random() * 4) * stepMs));
      await service.draw({ steps: CANCELLED_STEPS, seed: other, signal: cancel }).catch(() => {});
    });
    const beside = await service.draw(order);
    await Promise.all(cancels);
    if (Buffer.from(alone).equals(Buffer.from(beside))) unharmed++;
  }
  return unharmed;
}
