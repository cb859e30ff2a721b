/** What judges plain words beside the rules. */
import type { ModelIdentity } from '@atelier/models';
import type { Category } from './policy/schema.ts';
import { noScores, type Scores } from './score.ts';

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

/** A model's row of scores as scores of categories; those that it does not know stay 0. */
export function byCategory(categories: readonly Category[], values: Float32Array): Scores {
  const scores = noScores(0);
  for (const [index, category] of categories.entries()) {
    const value = values[index] ?? Number.NaN;
    // A score that is no number must never pass for "harmless".
    scores[category] = Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 1;
  }
  return scores;
}
