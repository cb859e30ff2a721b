/** Attributes read off pictures: one head for each key, of the roles `judge` and `portrait_classifier`. */
import { readFile } from 'node:fs/promises';
import { createSession, floatOutput, type SessionOptions } from '@atelier/inference';
import { type Bundle, BundleError, type ModelIdentity } from '@atelier/models';
import { z } from 'zod';
import { picturePlanes } from './picture.ts';

/** Key → class names; the first, "", is for pictures without such an attribute. */
const ClassesSchema = z.record(z.string(), z.array(z.string()).min(2));

export interface Reading {
  /** The likeliest value of every key; "" where the picture has no such attribute. */
  seen: Record<string, string>;
  /** Probability of that value, 0..1. */
  certainty: Record<string, number>;
  /** What every key's head gave, in the order of its values. */
  logits: Record<string, Float32Array>;
  /** What the heads read, to compute distances on. */
  features: Float32Array;
}

export interface AttributeReader {
  readonly identity: ModelIdentity;
  /** What it can read: values by key. */
  readonly classes: Readonly<Record<string, readonly string[]>>;
  /** @param rgb interleaved bytes of a 64×64 picture. */
  read(rgb: Uint8Array): Promise<Reading>;
  close(): Promise<void>;
}

/** Loads a role with the files `model` and `attributes`. @throws BundleError or InferenceError. */
export async function openAttributeReader(
  bundle: Bundle,
  role: 'judge' | 'portrait_classifier',
  options: Omit<SessionOptions, 'name'> = {},
): Promise<AttributeReader> {
  const classes = await classesOf(bundle.file(role, 'attributes'));
  const session = await createSession(bundle.file(role), { ...options, name: role });
  return {
    identity: bundle.identity(role),
    classes,
    async read(rgb) {
      const outputs = await session.run({ image: picturePlanes(rgb) });
      const seen: Record<string, string> = {};
      const certainty: Record<string, number> = {};
      const found: Record<string, Float32Array> = {};
      for (const [key, values] of Object.entries(classes)) {
        const logits = floatOutput(outputs, key).data;
        found[key] = logits;
        const most = Math.max(...logits);
        seen[key] = values[logits.indexOf(most)] ?? '';
        certainty[key] = 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
      }
      return { seen, certainty, logits: found, features: floatOutput(outputs, 'features').data };
    },
    close: () => session.close(),
  };
}

async function classesOf(path: string): Promise<Record<string, string[]>> {
  const parsed = ClassesSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success)
    throw new BundleError(
      'CONFIG_INVALID',
      `${path} does not list values by attribute: ${parsed.error.message}`,
    );
  return parsed.data;
}
