/** The judge at work: an attribute classifier that shares nothing with the generator (trained by atelier_trainer.judge). */
import type { Bundle } from '@atelier/models';
import type { Attributes } from '@atelier/scenes';
import { openAttributeReader } from '@atelier/vision-language';

/** What the judge sees in a picture, and the features that Fréchet distances are computed on. */
export interface Judgement {
  seen: Attributes;
  features: Float32Array;
}

export interface Judge {
  /** @param rgb interleaved bytes of a 64×64 picture. */
  judge(rgb: Uint8Array): Promise<Judgement>;
  close(): Promise<void>;
}

/** Load the bundle's `judge` role; throws the bundle's error when it has none. */
export async function openJudge(bundle: Bundle): Promise<Judge> {
  const reader = await openAttributeReader(bundle, 'judge');
  return { judge: (rgb) => reader.read(rgb), close: () => reader.close() };
}
