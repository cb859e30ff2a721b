/** For the benchmarks of the diffusion service: the service in a process of its own, and pictures drawn by it. */
import { DataType, DiffusionService } from '@atelier/contracts';
import { entryOf, freePort, serviceRow, spawnService } from '@atelier/local-mesh';
import { defaultBundlePath, openBundle } from '@atelier/models';
import { type Caller, callerMetadata, createClient } from '@atelier/rpc';
import { z } from 'zod';

/** Hidden states of a short prompt. */
export const STATES = 32;

export const benchBundlePath = (): string => process.env.ATELIER_MODEL_BUNDLE ?? defaultBundlePath();

export interface Draw {
  readonly steps: number;
  readonly seed: number;
  /** Classifier-free guidance by the model's default scale, two rows a step; default true. */
  readonly guided?: boolean;
  readonly caller?: Partial<Caller>;
  /** Deadline, milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A diffusion service that draws; `draw` gives the picture's bytes and calls `onStep` for each step it hears of. */
export interface DiffusionUnderTest {
  draw(order: Draw, onStep?: (step: number) => void): Promise<Uint8Array>;
  pid(): number;
  stop(): Promise<void>;
}

/** Starts a diffusion process and waits until it is warm. @param entry its program; default: the service's own. */
export async function startDiffusion(
  env: NodeJS.ProcessEnv = {},
  entry = entryOf(serviceRow('diffusion')),
): Promise<DiffusionUnderTest> {
  const address = `127.0.0.1:${await freePort()}`;
  const service = spawnService({
    name: 'diffusion',
    entry,
    address,
    env: { ATELIER_LOG_LEVEL: 'warn', ...env },
  });
  await service.ready();
  const client = createClient(DiffusionService, { address });
  const bundle = await openBundle(env.ATELIER_MODEL_BUNDLE ?? benchBundlePath(), { roles: [] });
  const { dim } = bundle.config('text_encoder', z.object({ dim: z.int() }));
  const conditioning = madeUp(dim, 0.1);
  const negativeConditioning = madeUp(dim, 0);
  return {
    async draw({ steps, seed, guided = true, caller, ...options }, onStep) {
      const request = {
        conditioning,
        negativeConditioning,
        seed,
        steps,
        ...(!guided && { guidanceScale: 1 }),
      };
      const metadata = callerMetadata(caller ?? {});
      for await (const { event } of client.generateImage(request, { ...options, metadata })) {
        if (event.case === 'step') onStep?.(event.value.step);
        if (event.case === 'image' && event.value.image) return event.value.image.data;
      }
      throw new Error('the stream ended without an image');
    },
    pid: () => service.pid() as number,
    async stop() {
      client.close();
      await service.stop();
    },
  };
}

/** A prompt's embedding; how long a network computes doesn't depend on its values. */
function madeUp(dim: number, value: number) {
  const floats = (count: number) => new Uint8Array(new Float32Array(count).fill(value).buffer);
  return {
    tokens: { dtype: DataType.FLOAT32, shape: [STATES, dim], data: floats(STATES * dim) },
    mask: {
      dtype: DataType.INT64,
      shape: [STATES],
      data: new Uint8Array(new BigInt64Array(STATES).fill(1n).buffer),
    },
    pooled: { dtype: DataType.FLOAT32, shape: [dim], data: floats(dim) },
  };
}
