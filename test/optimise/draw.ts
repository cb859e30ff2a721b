/** Pictures drawn by a diffusion service of its own, one after the other, and how long each was in the making. */
import {
  DataType,
  DiffusionService,
  type GenerateImageRequestSchema,
  type MessageInitShape,
} from '@atelier/contracts';
import type { Bundle } from '@atelier/models';
import { createClient } from '@atelier/rpc';
import { openTextReader, type TextStates } from '@atelier/vision-language';
import { startService } from './service.ts';

type Request = Exclude<MessageInitShape<typeof GenerateImageRequestSchema>, { $typeName: string }>;
/** How pictures are sampled: by a profile, or as stated; and what they are begun from, where they are. */
export type Sampling = Pick<
  Request,
  'profile' | 'sampler' | 'steps' | 'guidanceScale' | 'initImage' | 'strength'
>;

/** A prompt and its seed. */
export interface Order {
  readonly text: string;
  readonly seed: number;
}

export interface Drawn {
  /** Interleaved bytes of the base picture. */
  readonly rgb: Uint8Array;
  /** From the call to the finished base picture; prompts are encoded before. */
  readonly seconds: number;
}

export interface Studio {
  draw(order: Order, sampling: Sampling): Promise<Drawn>;
  close(): Promise<void>;
}

/** Starts the service on the bundle. @param threads of the network; what speed is measured with. */
export async function openStudio(bundle: Bundle, threads: number): Promise<Studio> {
  const reader = await openTextReader(bundle, { threads: 1 });
  const service = await startService('diffusion', bundle, threads);
  const client = createClient(DiffusionService, { address: service.address });
  const close = async (): Promise<void> => {
    client.close();
    await service.stop();
    await reader.close();
  };
  const embeddings = new Map<string, ReturnType<typeof conditioningOf>>();
  const encode = async (text: string) => {
    const known = embeddings.get(text) ?? conditioningOf(await reader.read(text));
    embeddings.set(text, known);
    return known;
  };
  return {
    close,
    async draw({ text, seed }, sampling) {
      const conditioning = await encode(text);
      const negativeConditioning = await encode('');
      const began = performance.now();
      const request = { ...sampling, conditioning, negativeConditioning, seed };
      for await (const { event } of client.generateImage(request, { timeoutMs: 120_000 })) {
        if (event.case === 'image' && event.value.image)
          return { rgb: event.value.image.data, seconds: (performance.now() - began) / 1000 };
      }
      throw new Error('the diffusion service ended its stream without an image');
    },
  };
}

function conditioningOf({ tokens, length, dim, pooled }: TextStates) {
  const bytes = (data: Float32Array | BigInt64Array) =>
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    tokens: { dtype: DataType.FLOAT32, shape: [length, dim], data: bytes(tokens) },
    mask: { dtype: DataType.INT64, shape: [length], data: bytes(new BigInt64Array(length).fill(1n)) },
    pooled: { dtype: DataType.FLOAT32, shape: [pooled.length], data: bytes(pooled) },
  };
}
