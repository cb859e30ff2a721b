/** A causal language model of a bundle: which token comes next. */
import { createSession, floatOutput, type SessionOptions, tensor } from '@atelier/inference';
import {
  type Bundle,
  BundleError,
  loadTokenizer,
  type ModelIdentity,
  type TextTokenizer,
} from '@atelier/models';
import { z } from 'zod';

const ConfigSchema = z.object({
  /** Most tokens the model reads; of a longer text the end counts. */
  context: z.int().min(2).max(8192).default(128),
  /** Token that begins every text, for example "<s>"; default none. */
  bos: z.string().optional(),
  /** Token that ends every text; default none. */
  eos: z.string().optional(),
});

export interface CausalModel {
  readonly identity: ModelIdentity;
  readonly tokenizer: TextTokenizer;
  /** Most tokens the model reads. */
  readonly context: number;
  /** Id of the token that ends a text, if there is one. */
  readonly end: number | undefined;
  /** Token ids of a text behind the token that begins texts. */
  encode(text: string): number[];
  /**
   * Logits [vocabulary] of the token after these; of more than `context` tokens the first and the last ones count.
   * @throws InferenceError, RUN_ABORTED when the signal came first, QUEUE_FULL when too many wait.
   */
  next(ids: readonly number[], signal?: AbortSignal): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Loads a role with the files `model` (`input_ids` int64 [B, T] → `logits` float32 [B, T, V]; other integer inputs of that
 * shape, such as `attention_mask`, are filled with ones, `position_ids` with positions) and `tokenizer`.
 * @throws BundleError CONFIG_INVALID when the tokenizer lacks a token that the config names.
 */
export async function openCausalModel(
  bundle: Bundle,
  role: string,
  options: Omit<SessionOptions, 'name'> = {},
): Promise<CausalModel> {
  const { context, bos, eos } = bundle.config(role, ConfigSchema);
  const tokenizer = await loadTokenizer(bundle.file(role, 'tokenizer'));
  const special = (token: string | undefined): number | undefined => {
    if (token === undefined) return undefined;
    const id = tokenizer.tokenId(token);
    if (id === undefined)
      throw new BundleError('CONFIG_INVALID', `The tokenizer of ${role} has no ${JSON.stringify(token)}`);
    return id;
  };
  const [start, end] = [special(bos), special(eos)];
  const session = await createSession(bundle.file(role), { ...options, name: role });
  return {
    identity: bundle.identity(role),
    tokenizer,
    context,
    end,
    encode: (text) => [
      ...(start === undefined ? [] : [start]),
      // Vocabularies of whole words leave holes for words that they lack.
      ...tokenizer.encode(text, { special: false }).filter((id) => id !== undefined),
    ],
    async next(ids, signal) {
      const kept = ids.length > context ? [...ids.slice(0, 1), ...ids.slice(1 - context)] : ids;
      const feed = (name: string): BigInt64Array => {
        if (name === 'input_ids') return BigInt64Array.from(kept, BigInt);
        return BigInt64Array.from(kept, (_, i) => (name === 'position_ids' ? BigInt(i) : 1n));
      };
      const feeds = session.inputs.map(
        ({ name }) => [name, tensor('int64', [1, kept.length], feed(name))] as const,
      );
      const outputs = await session.run(Object.fromEntries(feeds), signal ? { signal } : {});
      const { data, dims } = floatOutput(outputs, 'logits');
      return data.slice(data.length - (dims.at(-1) as number));
    },
    close: () => session.close(),
  };
}
