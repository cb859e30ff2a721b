import type { SessionOptions } from '@atelier/inference';
import type { Bundle, ModelIdentity } from '@atelier/models';
import { besideEachOther, type Embedding, paddedTo, zeros } from './embedding.ts';
import { type BatchingOptions, loadReader } from './reader.ts';

export type { BatchingOptions } from './reader.ts';

export const ENCODER_ROLE = 'text_encoder';
/** The second network of models with two (Podell et al. 2023). */
export const SECOND_ENCODER_ROLE = 'text_encoder_2';

/** The network, or networks, that read prompts. */
export interface TextEncoder {
  readonly identity: ModelIdentity;
  /** Whether all texts of a request must have as many states, because what they condition knows no mask. */
  readonly aligned: boolean;
  /** Embeds a text of any length; the empty text gives the unconditional embedding. */
  encode(text: string, signal?: AbortSignal): Promise<Embedding>;
  close(): Promise<void>;
}

/** The roles of the bundle that read prompts. */
export function encoderRoles(bundle: Bundle): string[] {
  return [ENCODER_ROLE, SECOND_ENCODER_ROLE].filter((role) => bundle.has(role));
}

/** Loads the bundle's text encoders and tokenizers. @throws BundleError or InferenceError naming the file. */
export async function loadTextEncoder(
  bundle: Bundle,
  options: Omit<SessionOptions, 'name'>,
  batching: BatchingOptions,
): Promise<TextEncoder> {
  const first = await loadReader(bundle, ENCODER_ROLE, options, batching);
  const second = bundle.has(SECOND_ENCODER_ROLE)
    ? await loadReader(bundle, SECOND_ENCODER_ROLE, options, batching)
    : undefined;
  const readers = second ? [first, second] : [first];

  async function read(text: string, signal?: AbortSignal): Promise<Embedding> {
    const [own, other] = await Promise.all(readers.map((reader) => reader.read(text, signal)));
    if (!own || !other) return own as Embedding;
    // Two tokenizers may split a long text into different numbers of windows.
    const length = Math.max(own.mask.data.length, other.mask.data.length);
    const empty = await Promise.all(readers.map((reader) => reader.read('', signal)));
    return besideEachOther(
      paddedTo(own, length, empty[0] as Embedding),
      paddedTo(other, length, empty[1] as Embedding),
    );
  }

  return {
    identity: bundle.identity(ENCODER_ROLE),
    aligned: first.fullWindows,
    async encode(text, signal) {
      const embedding = await read(text, signal);
      return text === '' && first.zeroEmpty ? zeros(embedding) : embedding;
    },
    async close() {
      await Promise.all(readers.map((reader) => reader.close()));
    },
  };
}
