/** What the bundle brings: the prompt index, and a neural language model when it has one. */
import { readFile } from 'node:fs/promises';
import {
  createSession,
  float32Output,
  InferenceError,
  type SessionOptions,
  tensor,
} from '@atelier/inference';
import { type Bundle, loadTokenizer, openBundle } from '@atelier/models';
import { z } from 'zod';
import { unpackIndex } from './index-file.ts';
import { buildSuggester } from './language.ts';
import { logLikelihoods, sharedLength } from './likelihood.ts';
import type { Rank } from './reranked-continuation.ts';
import type { IsSafe, Suggester } from './suggester.ts';

const INDEX_ROLE = 'prompt_index';
const INDEX_FILE = 'index';
const MODEL_ROLE = 'language_model';

/** Runs that may wait; a keystroke that waits longer is out of date. */
const MAX_QUEUED = 4;

/** What a busy model answers. */
const TOO_LATE = ['RUN_ABORTED', 'QUEUE_FULL'];

const LanguageModelConfigSchema = z.object({
  /** Most tokens the model reads; of a longer text the end counts. */
  context: z.int().min(2).max(4096).default(128),
  /** Token that begins every text, for example "<s>"; default none. */
  bos: z.string().optional(),
});

export interface Completion {
  /** By lower-case language. */
  suggesters: ReadonlyMap<string, Suggester>;
  /** Whether a neural model ranks what the n-gram model proposes. */
  neural: boolean;
  close(): Promise<void>;
}

export interface CompletionOptions {
  /** The judge of composed texts in a language. */
  isSafe: (language: string) => IsSafe;
  /** Longest the neural model may take, milliseconds; then the n-gram model's order stands. */
  modelTimeoutMs: number;
  session: Omit<SessionOptions, 'name' | 'maxQueued'>;
}

/**
 * Opens a bundle's completion. A bundle without an index has nothing to suggest in any of its languages; throws
 * BundleError or Error naming the file where one is missing or damaged.
 */
export async function loadCompletion(bundlePath: string, options: CompletionOptions): Promise<Completion> {
  const present = await openBundle(bundlePath, { roles: [] });
  const roles = [INDEX_ROLE, MODEL_ROLE].filter((role) => present.has(role));
  const bundle = await openBundle(bundlePath, { roles }); // checks these files against the manifest
  if (!bundle.has(INDEX_ROLE)) {
    const empty = bundle.languages.map((tag) => [tag, buildSuggester([], options.isSafe(tag))] as const);
    return { suggesters: new Map(empty), neural: false, close: async () => {} };
  }
  const { language, prompts } = unpackIndex(await readFile(bundle.file(INDEX_ROLE, INDEX_FILE)));
  const model = bundle.has(MODEL_ROLE) ? await loadLanguageModel(bundle, options) : undefined;
  const suggester = buildSuggester(prompts, options.isSafe(language), model?.rank);
  return {
    suggesters: new Map([[language.toLowerCase(), suggester]]),
    neural: model !== undefined,
    close: async () => await model?.close(),
  };
}

/** The bundle's causal language model: input_ids int64 [B, T] → logits float32 [B, T, V]. */
async function loadLanguageModel(
  bundle: Bundle,
  { session: settings, modelTimeoutMs }: CompletionOptions,
): Promise<{ rank: Rank; close(): Promise<void> }> {
  const { context, bos } = bundle.config(MODEL_ROLE, LanguageModelConfigSchema);
  const tokenizer = await loadTokenizer(bundle.file(MODEL_ROLE, 'tokenizer'));
  const begin = bos === undefined ? [] : [tokenizer.tokenId(bos)].filter((id) => id !== undefined);
  const session = await createSession(bundle.file(MODEL_ROLE), {
    ...settings,
    name: MODEL_ROLE,
    maxQueued: MAX_QUEUED,
  });
  return {
    async rank(texts) {
      const encoded = texts.map((text) =>
        [...begin, ...tokenizer.encode(text, { special: false })].slice(-context),
      );
      const length = Math.max(...encoded.map((ids) => ids.length));
      const ids = new BigInt64Array(encoded.length * length).fill(BigInt(tokenizer.padId));
      for (const [row, tokens] of encoded.entries()) ids.set(tokens.map(BigInt), row * length);
      const outputs = await session
        .run(
          { input_ids: tensor('int64', [encoded.length, length], ids) },
          { signal: AbortSignal.timeout(modelTimeoutMs) },
        )
        .catch((error: unknown) => {
          if (error instanceof InferenceError && TOO_LATE.includes(error.reason)) return undefined;
          throw error;
        });
      if (!outputs) return undefined;
      const { data, dims } = float32Output(outputs, 'logits');
      const logits = { data, rows: encoded.length, length, vocabulary: dims[2] as number };
      return logLikelihoods(logits, encoded, sharedLength(encoded));
    },
    close: () => session.close(),
  };
}
