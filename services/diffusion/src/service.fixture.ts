/** For the tests of this folder: the service on a free loopback port with the tiny bundle, and a client of it. */
import {
  DataType,
  DiffusionService,
  type GenerateImageRequestSchema,
  type MessageInitShape,
} from '@atelier/contracts';
import { openBundle } from '@atelier/models';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { createClient, createServer } from '@atelier/rpc';
import { type EngineOptions, StepEngine } from './engine.ts';
import { type Denoiser, loadDenoiser } from './model.ts';
import { diffusionService } from './service.ts';

export type Request = Exclude<MessageInitShape<typeof GenerateImageRequestSchema>, { $typeName: string }>;

export async function loadTinyDenoiser(): Promise<Denoiser> {
  return await loadDenoiser(await openBundle(tinyBundlePath, { roles: ['denoiser'] }), { threads: 1 });
}

export async function serve(denoiser: Denoiser, options: Partial<EngineOptions> = {}) {
  const engine = new StepEngine(denoiser, { maxDrawings: 16, maxBatch: 1, ...options });
  const server = createServer({ bindings: [diffusionService(denoiser, engine)] });
  const address = `127.0.0.1:${await server.listen('127.0.0.1:0')}`;
  server.setServing(true);
  const client = createClient(DiffusionService, { address });
  const stop = async (): Promise<void> => {
    client.close();
    await server.drain(1_000);
    await denoiser.close();
  };
  return { engine, address, client, stop };
}

/** An embedding of `states` states of the tiny model's width, all of one value, with `masks` ones as its mask. */
export function embedding(value: number, states = 3, masks = states) {
  const floats = (count: number) => new Uint8Array(new Float32Array(count).fill(value).buffer);
  return {
    tokens: { dtype: DataType.FLOAT32, shape: [states, 8], data: floats(states * 8) },
    mask: {
      dtype: DataType.INT64,
      shape: [masks],
      data: new Uint8Array(new BigInt64Array(masks).fill(1n).buffer),
    },
    pooled: { dtype: DataType.FLOAT32, shape: [8], data: floats(8) },
  };
}

/** A request that is served. */
export const request: Request = {
  conditioning: embedding(0.3),
  negativeConditioning: embedding(-0.2, 2),
  seed: 7,
};

/** Everything a stream gives. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
}
