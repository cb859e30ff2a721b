/** What a member of the ensemble is: a picture in, a score for each thing it knows out. */
import type { Pixels } from '../picture.ts';

/** Which weights a classifier computes with. */
export interface ClassifierVersion {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the weights, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

export interface Classifier {
  readonly version: ClassifierVersion;
  /**
   * Probability, 0..1, of each class the classifier knows, by its own names; the policy says what they mean.
   * @throws RpcError RESOURCE_EXHAUSTED when too many pictures wait; anything else means "not classified", never "clean".
   */
  classify(picture: Pixels, signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}
