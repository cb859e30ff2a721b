/** What the text encoder reads out of a prompt: the value of each attribute, as the denoiser is told it. */
import { SeededNoise } from '@atelier/inference';
import type { Bundle } from '@atelier/models';
import { openTextReader } from '@atelier/vision-language';
import { z } from 'zod';

const ConfigSchema = z.object({ dim: z.int(), attributes: z.record(z.string(), z.array(z.string())) });

/** Seed of the fixed table of value embeddings (services/trainer/atelier_trainer/conditions.py). */
const TABLE_SEED = 1n;

/** Values by attribute; '' where the prompt leaves one open. */
export type Reading = Readonly<Record<string, string>>;

export interface PromptReader {
  read(prompt: string): Promise<Reading>;
  close(): Promise<void>;
}

/** Opens the bundle's text encoder. Each of its tokens is a mixture of nearly orthogonal embeddings of an attribute's values. */
export async function openPromptReader(bundle: Bundle): Promise<PromptReader> {
  const { dim, attributes } = bundle.config('text_encoder', ConfigSchema);
  const values = Object.entries(attributes);
  const width = Math.max(...values.map(([, list]) => list.length));
  const table = new SeededNoise(TABLE_SEED).normal(values.length * width * dim);
  const reader = await openTextReader(bundle, { threads: 1 });
  return {
    async read(prompt) {
      const { tokens } = await reader.read(prompt);
      const entries = values.map(([key, list], k) => {
        const token = tokens.subarray(k * dim, (k + 1) * dim);
        const scores = list.map((_, v) => dot(token, table, (k * width + v) * dim));
        return [key, list[scores.indexOf(Math.max(...scores))] as string] as const;
      });
      return Object.fromEntries(entries);
    },
    close: () => reader.close(),
  };
}

/** Σ a[i] · b[offset + i]. */
function dot(a: Float32Array, b: Float32Array, offset: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[offset + i] as number);
  return sum;
}
