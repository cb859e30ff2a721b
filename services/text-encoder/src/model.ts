import { createSession, float32Output, MicroBatcher, type SessionOptions, tensor } from '@atelier/inference';
import { type Bundle, loadTokenizer, type ModelIdentity, tokenWindows } from '@atelier/models';
import { z } from 'zod';
import { type Embedding, joinWindows } from './embedding.ts';

export const ENCODER_ROLE = 'text_encoder';

const EncoderConfigSchema = z.object({
  /** Most tokens the network reads at once, specials included. */
  window: z.int().min(3).max(4096),
  /** Width of hidden states and pooled embedding. */
  dim: z.int().min(1),
});

/** Windows are padded to a multiple of this many tokens, so that runs have few shapes and short prompts stay cheap. */
const PADDING = 32;

export interface BatchingOptions {
  /** Windows computed together, ≥ 1. */
  readonly maxBatch: number;
  /** Longest a window waits for company while the network is idle, milliseconds. */
  readonly maxDelayMs: number;
  /** Windows that may wait. */
  readonly maxQueued: number;
}

/** The network that reads prompts. */
export interface TextEncoder {
  readonly identity: ModelIdentity;
  /** Embeds a text of any length; the empty text gives the unconditional embedding. */
  encode(text: string, signal?: AbortSignal): Promise<Embedding>;
  close(): Promise<void>;
}

/** Loads the bundle's text encoder and tokenizer. @throws BundleError or InferenceError naming the file. */
export async function loadTextEncoder(
  bundle: Bundle,
  options: Omit<SessionOptions, 'name'>,
  batching: BatchingOptions,
): Promise<TextEncoder> {
  const { window, dim } = bundle.config(ENCODER_ROLE, EncoderConfigSchema);
  const tokenizer = await loadTokenizer(bundle.file(ENCODER_ROLE, 'tokenizer'));
  const session = await createSession(bundle.file(ENCODER_ROLE), { name: ENCODER_ROLE, ...options });

  const padded = (tokens: readonly number[]): number =>
    Math.min(window, Math.ceil(tokens.length / PADDING) * PADDING);

  /** Embeds windows of ids that are padded to one length. */
  async function embed(windows: readonly (readonly number[])[]): Promise<Embedding[]> {
    const width = padded(windows[0] ?? []);
    const ids = new BigInt64Array(windows.length * width).fill(BigInt(tokenizer.padId));
    const attended = new BigInt64Array(windows.length * width);
    for (const [row, tokens] of windows.entries()) {
      ids.set(tokens.map(BigInt), row * width);
      attended.fill(1n, row * width, row * width + tokens.length);
    }
    const outputs = await session.run({
      input_ids: tensor('int64', [windows.length, width], ids),
      attention_mask: tensor('int64', [windows.length, width], attended),
    });
    const states = float32Output(outputs, 'hidden_states').data;
    const pooled = float32Output(outputs, 'pooled').data;
    const mask = outputs.hidden_mask?.data as BigInt64Array;
    const length = mask.length / windows.length;
    return windows.map((tokens, row) => ({
      states: tensor('float32', [length, dim], states.slice(row * length * dim, (row + 1) * length * dim)),
      mask: tensor('int64', [length], mask.slice(row * length, (row + 1) * length)),
      pooled: tensor('float32', [dim], pooled.slice(row * dim, (row + 1) * dim)),
      tokenCount: tokens.length,
    }));
  }

  const batcher = new MicroBatcher(embed, (tokens: readonly number[]) => String(padded(tokens)), batching);
  return {
    identity: bundle.identity(ENCODER_ROLE),
    async encode(text, signal) {
      const windows = tokenWindows(tokenizer, text, window);
      return joinWindows(await Promise.all(windows.map((tokens) => batcher.submit(tokens, signal))));
    },
    close: () => session.close(),
  };
}
