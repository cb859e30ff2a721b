/** The judge at work: an attribute classifier that shares nothing with the generator (trained by atelier_trainer.judge). */
import type { Bundle } from '@atelier/models';
import type { Attributes } from '@atelier/scenes';
import { openAttributeReader } from './attribute-reader.ts';

/** What the judge sees in a picture, and the features that Fréchet distances are computed on. */
export interface Judgement {
  seen: Attributes;
  features: Float32Array;
  /** What `seen` was the largest of: one number for each class of an attribute, in the order of `Judge.classes`. */
  logits: Readonly<Record<string, Float32Array>>;
}

export interface Judge {
  /** SHA-256 of its network. */
  readonly sha256: string;
  /** Values of each attribute; '' where a picture has no such thing. */
  readonly classes: Readonly<Record<string, readonly string[]>>;
  /** @param rgb interleaved bytes of a 64×64 picture. */
  judge(rgb: Uint8Array): Promise<Judgement>;
  close(): Promise<void>;
}

/** Load the bundle's `judge` role; throws the bundle's error when it has none. */
export async function openJudge(bundle: Bundle): Promise<Judge> {
  const reader = await openAttributeReader(bundle, 'judge');
  return {
    sha256: reader.identity.sha256,
    classes: reader.classes,
    judge: (rgb) => reader.read(rgb),
    close: () => reader.close(),
  };
}
