/** The bundle's text classifier: the only user of the inference library here. */
import {
  createSession,
  float32Output,
  InferenceError,
  type InferenceSession,
  type SessionOptions,
  tensor,
} from '@atelier/inference';
import { inferenceRpcError } from '@atelier/inference/service';
import { type Bundle, type ModelIdentity, openBundle } from '@atelier/models';
import { z } from 'zod';
import { CATEGORIES, type Category } from './policy/schema.ts';
import { noScores, type Scores } from './score.ts';
import { hashTexts, plainWords, ROWS_PER_WORD } from './text/hashed.ts';

const ROLE = 'prompt_safety';

const configSchema = z.object({
  /** BCP-47 language of the texts it can judge. */
  language: z.string().min(2),
  /** Categories in the order of the scores; a category that is not here is for the rules alone. */
  categories: z.array(z.enum(CATEGORIES)).min(1),
  wordRows: z.int().min(1),
  gramRows: z.int().min(1),
  maxGrams: z.int().min(1).max(64),
  maxWords: z.int().min(1).max(1024),
});

/** A trained judge of plain words. Scores are on the policy's scale: 0.5 is where the trainer would block. */
export interface Classifier {
  readonly language: string;
  readonly identity: ModelIdentity;
  /**
   * Scores of each text, 0..1, in order.
   * @throws RpcError RESOURCE_EXHAUSTED when too many wait, UNAVAILABLE when the model is gone, CANCELLED.
   */
  classify(texts: readonly (readonly string[])[], signal: AbortSignal): Promise<Scores[]>;
  close(): Promise<void>;
}

/**
 * Opens a bundle's classifier; undefined for a bundle that has none.
 * @throws BundleError for a bundle that is missing or damaged, InferenceError for a model that can't be loaded.
 */
export async function loadClassifier(
  bundlePath: string,
  session: Omit<SessionOptions, 'name'>,
): Promise<Classifier | undefined> {
  const listed = await openBundle(bundlePath, { roles: [] });
  if (!listed.has(ROLE)) return undefined;
  const bundle = await openBundle(bundlePath, { roles: [ROLE] });
  return classifier(bundle, await createSession(bundle.file(ROLE), { ...session, name: ROLE, inline: true }));
}

function classifier(bundle: Bundle, session: InferenceSession): Classifier {
  const sizes = bundle.config(ROLE, configSchema);
  return {
    language: sizes.language,
    identity: bundle.identity(ROLE),
    async classify(texts, signal) {
      const plain = texts.map((words) => plainWords(words, sizes.maxWords));
      const { length, words, grams } = hashTexts(plain, sizes);
      const feeds = {
        words: tensor('int64', [plain.length, length, ROWS_PER_WORD], words),
        grams: tensor('int64', [plain.length, length, sizes.maxGrams], grams),
      };
      const outputs = await session.run(feeds, { signal }).catch((error: unknown) => {
        throw error instanceof InferenceError ? inferenceRpcError(error) : error;
      });
      const { data } = float32Output(outputs, 'scores');
      return plain.map((text, row) => {
        // A text without a word that it could read is none that it has judged.
        if (text.length === 0) return noScores(0);
        return byCategory(sizes.categories, data.subarray(row * sizes.categories.length));
      });
    },
    close: () => session.close(),
  };
}

function byCategory(categories: readonly Category[], values: Float32Array): Scores {
  const scores = noScores(0);
  for (const [index, category] of categories.entries()) {
    const value = values[index] ?? Number.NaN;
    // A score that is no number must never pass for "harmless".
    scores[category] = Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 1;
  }
  return scores;
}
