/** How fast the diffusion service answers health checks while it computes. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ConditioningSchema,
  DiffusionService,
  type MessageInitShape,
  type TextEmbedding,
  TextEncoderService,
} from '@atelier/contracts';
import { startMesh } from '@atelier/local-mesh';
import { median, percentile, rounded } from '@atelier/metrics';
import { createClient, healthChecker } from '@atelier/rpc';
import type { Benchmark } from './benchmark.ts';

/** Pause between two checks, milliseconds. */
const EVERY_MS = 5;
/** How long the service computes at least, milliseconds. */
const DURATION_MS = 10_000;
/** Checks answered before anything computes, for comparison. */
const IDLE_CHECKS = 200;
const NS_PER_MS = 1e6;

/** An embedding's tensors, as the diffusion service takes them. */
const conditioningOf = ({
  tokens,
  mask,
  pooled,
}: TextEmbedding): MessageInitShape<typeof ConditioningSchema> => ({
  ...(tokens && { tokens }),
  ...(mask && { mask }),
  ...(pooled && { pooled }),
});

export const benchmark: Benchmark = {
  about: 'Health checks of the diffusion service while it denoises.',
  async run(log) {
    const mesh = await startMesh({ services: ['text-encoder', 'diffusion'], freePorts: true });
    const address = mesh.address('diffusion');
    const encoder = createClient(TextEncoderService, { address: mesh.address('text-encoder') });
    const diffusion = createClient(DiffusionService, { address });
    const health = healthChecker(address);
    const check = async (): Promise<number> => {
      const began = performance.now();
      const status = await health.check();
      if (status !== 'SERVING') throw new Error(`the diffusion service is ${status}`);
      return performance.now() - began;
    };
    try {
      const { embeddings } = await encoder.encodeText({ texts: ['A boat on an ocean', ''] });
      const [conditioning, negativeConditioning] = embeddings.map(conditioningOf);
      if (!conditioning || !negativeConditioning) throw new Error('the text encoder gave no embeddings');
      const idle: number[] = [];
      for (let i = 0; i < IDLE_CHECKS; i++) idle.push(await check());

      log(`computing for ${DURATION_MS / 1000} s`);
      const own = monitorEventLoopDelay({ resolution: 1 });
      own.enable();
      const stop = new AbortController();
      let steps = 0;
      const draw = async (): Promise<void> => {
        for (let seed = 0; !stop.signal.aborted; seed++)
          for await (const { event } of diffusion.generateImage(
            { conditioning, negativeConditioning, seed, steps: 1000 },
            { signal: stop.signal },
          ))
            if (event.case === 'step') steps++;
      };
      const drawing = draw().catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
      const times: number[] = [];
      const end = performance.now() + DURATION_MS;
      while (performance.now() < end) {
        times.push(await check());
        await sleep(EVERY_MS);
      }
      stop.abort();
      await drawing;
      if (steps === 0) throw new Error('nothing was computed meanwhile');
      return {
        healthP99Ms: rounded(percentile(times, 0.99)),
        healthP50Ms: rounded(median(times)),
        healthMaxMs: rounded(Math.max(...times)),
        idleP99Ms: rounded(percentile(idle, 0.99)),
        clientLoopP99Ms: rounded(own.percentile(99) / NS_PER_MS),
        checks: times.length,
        stepsMeanwhile: steps,
      };
    } finally {
      health.close();
      encoder.close();
      diffusion.close();
      await mesh.stop();
    }
  },
};
