/** The bundle's text encoder, one caption at a time: what the denoiser is conditioned on and the dual encoder reads. */
import { createSession, floatOutput, type SessionOptions, tensor } from '@atelier/inference';
import { type Bundle, loadTokenizer, type ModelIdentity, tokenWindows } from '@atelier/models';
import { z } from 'zod';

const ROLE = 'text_encoder';

/** Token ids are padded to a multiple, as the text-encoder service does it, so that both give the same bits. */
const PADDING = 32;

const ConfigSchema = z.object({ window: z.int().min(3), dim: z.int().min(1) });

/** A caption's embedding: `tokens` is [length, dim] row by row, `pooled` [dim]. */
export interface TextStates {
  tokens: Float32Array;
  length: number;
  dim: number;
  pooled: Float32Array;
}

export interface TextReader {
  readonly identity: ModelIdentity;
  /** Computed alone, so that the same text gives the same bits whatever else is asked. */
  read(text: string): Promise<TextStates>;
  close(): Promise<void>;
}

/**
 * Loads the role `text_encoder`. What is longer than its window (far above 128 words) is read up to there.
 * @throws BundleError or InferenceError naming the file.
 */
export async function openTextReader(
  bundle: Bundle,
  options: Omit<SessionOptions, 'name'> = {},
): Promise<TextReader> {
  const { window, dim } = bundle.config(ROLE, ConfigSchema);
  const tokenizer = await loadTokenizer(bundle.file(ROLE, 'tokenizer'));
  const session = await createSession(bundle.file(ROLE), { ...options, name: ROLE });
  return {
    identity: bundle.identity(ROLE),
    async read(text) {
      const ids = tokenWindows(tokenizer, text, window)[0] as number[];
      const width = Math.min(window, Math.ceil(ids.length / PADDING) * PADDING);
      const input = new BigInt64Array(width).fill(BigInt(tokenizer.padId));
      input.set(ids.map(BigInt));
      const outputs = await session.run({
        input_ids: tensor('int64', [1, width], input),
        attention_mask: tensor('int64', [1, width], new BigInt64Array(width).fill(1n, 0, ids.length)),
      });
      const tokens = floatOutput(outputs, 'hidden_states').data;
      return { tokens, length: tokens.length / dim, dim, pooled: floatOutput(outputs, 'pooled').data };
    },
    close: () => session.close(),
  };
}
