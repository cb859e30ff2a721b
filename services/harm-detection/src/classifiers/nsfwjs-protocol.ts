/** Messages between the classifier and its thread. */
import type { NsfwWeights } from './nsfwjs-weights.ts';

export interface ThreadSetup {
  readonly weights: NsfwWeights;
  readonly side: number;
}

/** Views of one picture, each side × side × 3 bytes. */
export interface ThreadRequest {
  readonly id: number;
  readonly views: readonly Uint8Array[];
}

export type ThreadReply =
  | { readonly kind: 'ready' }
  /** Probabilities in the order of the model's classes, the mean over the views. */
  | { readonly kind: 'scores'; readonly id: number; readonly scores: readonly number[] }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
