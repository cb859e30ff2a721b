/** Going on from a text, token by token. */
import type { CausalModel } from './causal-model.ts';
import { type SamplingOptions, sample } from './sampling.ts';

export interface GenerateOptions extends SamplingOptions {
  /** Most tokens added. */
  maxTokens: number;
  /** The random numbers: one in [0, 1) for each token by its place, 0 first. */
  uniform: (place: number) => number;
  signal?: AbortSignal;
}

/** Tokens that follow `ids`, up to the end of the text (left out) or `maxTokens`. Throws as `CausalModel.next`. */
export async function generate(
  model: Pick<CausalModel, 'next' | 'end'>,
  ids: readonly number[],
  { maxTokens, uniform, signal, ...sampling }: GenerateOptions,
): Promise<number[]> {
  const added: number[] = [];
  while (added.length < maxTokens) {
    const token = sample(await model.next([...ids, ...added], signal), sampling, uniform(added.length));
    if (token === model.end) break;
    added.push(token);
  }
  return added;
}
