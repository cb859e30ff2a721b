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
import { type Bundle, openBundle } from '@atelier/models';
import { z } from 'zod';
import { byCategory, type Classifier } from './classifier.ts';
import { CATEGORIES } from './policy/schema.ts';
import { noScores } from './score.ts';
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
