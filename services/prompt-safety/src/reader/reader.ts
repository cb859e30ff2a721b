/** The prompt reader: a pretrained encoder that the bundle's adapters taught to tell harm from what only sounds like it. */
import { readFile } from 'node:fs/promises';
import {
  createSession,
  float32Output,
  InferenceError,
  type SessionOptions,
  tensor,
} from '@atelier/inference';
import { inferenceRpcError } from '@atelier/inference/service';
import { openBundle, tokenWindows } from '@atelier/models';
import { z } from 'zod';
import { byCategory, type Classifier } from '../classifier.ts';
import { CATEGORIES } from '../policy/schema.ts';
import { highest, noScores } from '../score.ts';
import { plainWords } from '../text/hashed.ts';
import { openEncoder } from './encoder.ts';
import { onPolicyScale } from './policy-scale.ts';
import { readerOnnx } from './reader-graph.ts';
import { readSafetensors } from './safetensors.ts';

const ROLE = 'prompt_reader';
/** Words of a text that are read. */
const MAX_WORDS = 160;

const configSchema = z.object({
  /** BCP-47 language of the texts it can judge. */
  language: z.string().min(2),
  /** Categories in the order of the scores. */
  categories: z.array(z.enum(CATEGORIES)).min(1),
  /** Chance of harm from which the trainer would block a text of that category. */
  thresholds: z.partialRecord(z.enum(CATEGORIES), z.number().gt(0).lt(1)),
  /** Tokens of a window, at most. */
  maxTokens: z.int().min(8).max(512),
  /** What the adapters were trained on. */
  encoder: z.object({ package: z.string(), version: z.string(), sha256: z.string().length(64) }),
});

/**
 * Opens a bundle's reader on the encoder in `folder`; undefined for a bundle that has none.
 * @throws BundleError for a damaged bundle, Error for an encoder that is missing or another, InferenceError for a model that can't be
 * loaded.
 */
export async function loadReader(
  bundlePath: string,
  folder: string,
  options: Omit<SessionOptions, 'name'>,
): Promise<Classifier | undefined> {
  const listed = await openBundle(bundlePath, { roles: [] });
  if (!listed.has(ROLE)) return undefined;
  const bundle = await openBundle(bundlePath, { roles: [ROLE] });
  const config = bundle.config(ROLE, configSchema);
  const { language, categories, maxTokens, encoder: needed } = config;
  const [encoder, adapters] = await Promise.all([
    openEncoder(folder, needed.sha256),
    readFile(bundle.file(ROLE)).then((bytes) => readSafetensors(bytes, bundle.file(ROLE))),
  ]);
  const { layers, heads, tokenizer } = encoder;
  const onnx = readerOnnx(encoder.weights, adapters, {
    layers,
    heads,
    maxTokens,
    categories: categories.length,
  });
  const session = await createSession(onnx, { ...options, name: ROLE });
  return {
    language,
    identity: bundle.identity(ROLE),
    async classify(texts, signal) {
      const plain = texts.map((words) => plainWords(words, MAX_WORDS));
      const windows = plain.flatMap((words, text) =>
        tokenWindows(tokenizer, words.join(' '), maxTokens).map((ids) => ({ text, ids })),
      );
      const outputs = await session
        .run(feeds(windows.map(({ ids }) => ids)), { signal })
        .catch((error: unknown) => {
          throw error instanceof InferenceError ? inferenceRpcError(error) : error;
        });
      const { data } = float32Output(outputs, 'scores');
      const scores = plain.map(() => noScores(0));
      for (const [row, { text }] of windows.entries()) {
        // A text without a word that it could read is none that it has judged.
        if (plain[text]?.length === 0) continue;
        const chances = byCategory(categories, data.subarray(row * categories.length));
        const own = onPolicyScale(chances, config.thresholds);
        scores[text] = highest(scores[text] ?? noScores(0), own);
      }
      return scores;
    },
    close: () => session.close(),
  };
}

/** Windows as padded rows. */
function feeds(windows: readonly (readonly number[])[]) {
  const length = Math.max(...windows.map((ids) => ids.length));
  const tokens = new BigInt64Array(windows.length * length);
  const mask = new Float32Array(windows.length * length);
  for (const [row, ids] of windows.entries()) {
    tokens.set(ids.map(BigInt), row * length);
    mask.fill(1, row * length, row * length + ids.length);
  }
  const dims = [windows.length, length];
  return { tokens: tensor('int64', dims, tokens), mask: tensor('float32', dims, mask) };
}
