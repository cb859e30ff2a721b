import { tensor } from '@atelier/inference';
import { type Canvas, defaultCanvas } from './canvas.ts';
import type { Conditioning } from './conditioning.ts';
import { Drawing } from './drawing.ts';
import type { Denoiser } from './model.ts';
import { planSampling } from './samplers/plan.ts';
import { defaultSampler } from './scheduler-config.ts';

/**
 * How many pictures may share a run without changing each other's bits: found out once for each shape, and only when
 * two of it want to.
 */
export class BatchLimits {
  readonly #denoiser: Denoiser;
  /** Pictures in a batch at best. */
  readonly most: number;
  readonly #known = new Map<string, Promise<number>>();

  /** @param most pictures in a batch at best, ≥ 1. */
  constructor(denoiser: Denoiser, most: number) {
    this.#denoiser = denoiser;
    this.most = most;
  }

  /** The limit for pictures shaped like this one, 1..most. */
  async of(drawing: Drawing): Promise<number> {
    const key = drawing.key;
    const known = this.#known.get(key) ?? this.#find(drawing);
    this.#known.set(key, known);
    try {
      return await known;
    } catch (error) {
      this.#known.delete(key);
      throw error;
    }
  }

  async #find({ rows, states, canvas }: Drawing): Promise<number> {
    for (let pictures = this.most; pictures > 1; pictures = Math.floor(pictures / 2)) {
      if (await isBatchInvariant(this.#denoiser, pictures, rows, states, canvas)) return pictures;
    }
    return 1;
  }
}

/**
 * Whether a picture gets the same bits alone and in a batch of `pictures` different ones, first and last in it. Kernels
 * choose their order of summation by shape and never by value, so what holds for one input holds for all of its shape.
 * It depends on the model, the provider and the machine, so it is measured where the service runs.
 * @param rows 2 with guidance, 1 without.
 * @param states hidden states of each row.
 */
export async function isBatchInvariant(
  denoiser: Denoiser,
  pictures: number,
  rows: number,
  states: number,
  canvas?: Canvas,
): Promise<boolean> {
  const drawings = Array.from({ length: pictures }, (_, seed) => probe(denoiser, seed, rows, states, canvas));
  const together = await denoiser.predict(drawings);
  for (const place of [0, pictures - 1]) {
    const alone = await denoiser.predict([drawings[place] as Drawing]);
    if (!sameBits(together.outputs[place] as Float32Array, alone.outputs[0] as Float32Array)) return false;
  }
  return true;
}

/** A picture like any other, drawn from noise alone. */
export function probe(
  denoiser: Denoiser,
  seed: number,
  rows: number,
  states: number,
  canvas = defaultCanvas(denoiser.sizes),
): Drawing {
  const { dim, pooledDim = 1 } = denoiser.conditioning;
  const conditioning = (offset: number): Conditioning => {
    const wave = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i + offset));
    return {
      states: tensor('float32', [states, dim], wave(states * dim)),
      mask: tensor('int64', [states], new BigInt64Array(states).fill(1n)),
      pooled: tensor('float32', [pooledDim], wave(pooledDim)),
    };
  };
  const order = {
    prompt: conditioning(seed),
    negative: conditioning(-seed - 1),
    seed,
    guidance: rows === 2 ? 2 : 1,
    previewEvery: 0,
  };
  const plan = planSampling(defaultSampler(denoiser.config), denoiser.config, seed + 1);
  return new Drawing(order, plan, canvas);
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  const bytes = (array: Float32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return bytes(a).equals(bytes(b));
}
