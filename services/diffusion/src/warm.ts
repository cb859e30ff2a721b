import { probe } from './invariance.ts';
import type { Denoiser } from './model.ts';

/** Hidden states of the warm-up picture; any number will do. */
const STATES = 32;

/** Takes one step of a picture, so that the first request finds memory allocated and kernels chosen. */
export async function warm(denoiser: Denoiser): Promise<void> {
  const drawing = probe(denoiser, 0, 2, STATES);
  const { outputs } = await denoiser.predict([drawing]);
  drawing.advance(outputs[0] as Float32Array);
}
