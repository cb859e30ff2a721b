/** The judge at work: an attribute classifier that shares nothing with the generator (trained by atelier_trainer.judge). */
import { readFile } from 'node:fs/promises';
import { createSession, type InferenceSession } from '@atelier/inference';
import type { Bundle } from '@atelier/models';
import type { Attributes } from '@atelier/scenes';
import { picturePlanes } from '@atelier/vision-language';
import { z } from 'zod';

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
  const classes = z
    .record(z.string(), z.array(z.string()))
    .parse(JSON.parse(await readFile(bundle.file('judge', 'attributes'), 'utf8')));
  const session = await createSession(bundle.file('judge'), { name: 'judge' });
  return { judge: (rgb) => judge(session, classes, rgb), close: () => session.close() };
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
  for (const [key, values] of Object.entries(classes)) {
    const logits = outputs[key]?.data as Float32Array;
    seen[key] = values[logits.indexOf(Math.max(...logits))] ?? '';
  }
  return { seen, features: outputs.features?.data as Float32Array };
}
