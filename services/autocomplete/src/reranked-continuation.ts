/** Continuations that one model proposes and a neural one ranks: fluent by counts, apt by the whole sentence. */
import type { Continuation, ContinuationModel } from './continuation.ts';

/** Log-likelihoods of texts, comparable with each other; undefined when the model can't say in time. */
export type Rank = (texts: readonly string[]) => Promise<readonly number[] | undefined>;

/** Candidates proposed for each one that is wanted. */
const PROPOSALS = 3;
/** The neural model's share of the say, 0 to 1 (log-linear mixture). */
const NEURAL_SHARE = 0.6;

export class RerankedContinuation implements ContinuationModel {
  readonly #proposer: ContinuationModel;
  readonly #rank: Rank;

  constructor(proposer: ContinuationModel, rank: Rank) {
    this.#proposer = proposer;
    this.#rank = rank;
  }

  async continuations(key: string, count: number): Promise<Continuation[]> {
    const proposed = await this.#proposer.continuations(key, count * PROPOSALS);
    if (proposed.length < 2) return proposed;
    const likelihoods = await this.#rank(
      proposed.map((continuation) => upToNextWord(continuation.key, key.length)),
    );
    if (!likelihoods) return proposed.slice(0, count); // their own order is good, only not as good
    const best = Math.max(...likelihoods);
    return proposed
      .map(({ key: text, score }, i) => ({
        key: text,
        score: score ** (1 - NEURAL_SHARE) * Math.exp(NEURAL_SHARE * ((likelihoods[i] as number) - best)),
      }))
      .sort((a, b) => b.score - a.score)
      .slice(0, count);
  }
}

/** The text up to the end of the first word that goes beyond `length`. */
function upToNextWord(text: string, length: number): string {
  return text.slice(0, length) + (/^\s*\S*/.exec(text.slice(length))?.[0] ?? '');
}
