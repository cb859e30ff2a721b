/** The encoder's package: where its files are, and that they are the ones a bundle's adapters were trained on. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTokenizer, type TextTokenizer } from '@atelier/models';
import { z } from 'zod';
import { readSafetensors, type Weights } from './safetensors.ts';

export interface Encoder {
  readonly weights: Weights;
  readonly tokenizer: TextTokenizer;
  readonly layers: number;
  readonly heads: number;
}

const configSchema = z.object({
  model_type: z.literal('bert'),
  hidden_act: z.literal('gelu'),
  num_hidden_layers: z.int().min(1),
  num_attention_heads: z.int().min(1),
});

/**
 * Opens a folder with `model.safetensors`, `config.json` and `tokenizer.json`.
 * @param sha256 Of `model.safetensors`.
 * @throws Error naming the file that is missing or not what is expected.
 */
export async function openEncoder(folder: string, sha256: string): Promise<Encoder> {
  const read = async (name: string): Promise<Buffer> =>
    await readFile(join(folder, name)).catch((cause: unknown) => {
      throw new Error(`the prompt encoder's file ${join(folder, name)} cannot be read`, { cause });
    });
  const [weights, config] = await Promise.all([read('model.safetensors'), read('config.json')]);
  const path = join(folder, 'model.safetensors');
  const found = createHash('sha256').update(weights).digest('hex');
  if (found !== sha256)
    throw new Error(`${path} has SHA-256 ${found}, the bundle's prompt reader needs ${sha256}`);
  const { num_hidden_layers: layers, num_attention_heads: heads } = configSchema.parse(
    JSON.parse(config.toString()),
  );
  const tokenizer = await loadTokenizer(join(folder, 'tokenizer.json'));
  return { weights: readSafetensors(weights, path), tokenizer, layers, heads };
}
