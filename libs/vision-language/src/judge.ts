/** The judge at work: an attribute classifier that shares nothing with the generator (trained by atelier_trainer.judge). */
import { readFile } from 'node:fs/promises';
import { createSession, type InferenceSession } from '@atelier/inference';
import type { Bundle } from '@atelier/models';
import type { Attributes } from '@atelier/scenes';
import { z } from 'zod';
import { picturePlanes } from './picture.ts';

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
  const classes = z
    .record(z.string(), z.array(z.string()))
    .parse(JSON.parse(await readFile(bundle.file('judge', 'attributes'), 'utf8')));
  const session = await createSession(bundle.file('judge'), { name: 'judge' });
  return {
    sha256: bundle.identity('judge').sha256,
    classes,
    judge: (rgb) => judge(session, classes, rgb),
    close: () => session.close(),
  };
}

async function judge(
  session: InferenceSession,
  classes: Record<string, string[]>,
  rgb: Uint8Array,
): Promise<Judgement> {
  const outputs = await session.run({
    image: picturePlanes(rgb),
  });
  const seen: Attributes = {};
  const found: Record<string, Float32Array> = {};
  for (const [key, values] of Object.entries(classes)) {
    const logits = outputs[key]?.data as Float32Array;
    found[key] = logits;
    seen[key] = values[logits.indexOf(Math.max(...logits))] ?? '';
  }
  return { seen, features: outputs.features?.data as Float32Array, logits: found };
}
