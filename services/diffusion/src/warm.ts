import { defaultCanvas, sampleSizeOf } from './canvas.ts';
import type { Decoder } from './decoder.ts';
import type { StepEngine } from './engine.ts';
import { probe } from './invariance.ts';
import type { Denoiser } from './model.ts';

/** Hidden states of the warm-up picture; any number will do. */
const STATES = 32;

/**
 * Takes a step that finds memory and kernels, then one that is timed: the first request is admitted by measured speed.
 * Decodes once, so that its first picture needn't wait either.
 */
export async function warm(denoiser: Denoiser, engine: StepEngine, decoder: Decoder): Promise<void> {
  const canvas = defaultCanvas(denoiser.sizes);
  await decoder.decode(new Float32Array(sampleSizeOf(canvas)), canvas);
  await denoiser.predict([probe(denoiser, 0, 2, STATES)]);
  const { signal } = new AbortController();
  const call = { signal, remainingMs: Number.POSITIVE_INFINITY };
  for await (const _ of engine.draw(probe(denoiser, 0, 2, STATES), call));
}
