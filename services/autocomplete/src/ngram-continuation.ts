/** Continuations by the back-off model: several next words, each carried on to the end of a prompt. */
import type { Continuation, ContinuationModel } from './continuation.ts';
import type { NgramModel } from './ngram.ts';
import { append, BOUNDARY, isWord, tokenise } from './tokens.ts';

/** Tokens added at most; a longer text is cut at the end of a word. */
const MAX_TOKENS = 14;

interface Start {
  /** Tokens before and with the next word. */
  tokens: string[];
  /** How many of them stand in the text already, the unfinished word not counted. */
  typed: number;
  score: number;
}

export class NgramContinuation implements ContinuationModel {
  readonly #model: NgramModel;

  constructor(model: NgramModel) {
    this.#model = model;
  }

  async continuations(key: string, count: number): Promise<Continuation[]> {
    const tokens = tokenise(key);
    const last = tokens.at(-1);
    const unfinished = last !== undefined && isWord(last) && !/\s$/.test(key);
    const starts = unfinished ? this.#finishWord(tokens, count) : this.#nextWord(tokens, count, 1);
    const text = unfinished ? key.slice(0, key.length - (last as string).length) : key;
    return starts
      .sort((a, b) => b.score - a.score)
      .slice(0, count)
      .map((start) => ({ key: append(text, this.#carryOn(start)), score: start.score }))
      .filter((continuation) => continuation.key !== key);
  }

  /** Words that may follow complete words. */
  #nextWord(tokens: readonly string[], count: number, weight: number): Start[] {
    return this.#model
      .following(tokens, count + 1)
      .filter(({ token }) => token !== BOUNDARY)
      .map(({ token, score }) => ({
        tokens: [...tokens, token],
        typed: tokens.length,
        score: weight * score,
      }));
  }

  /** Words that the unfinished one may become; when it is a word already, also what may follow it. */
  #finishWord(tokens: readonly string[], count: number): Start[] {
    const before = tokens.slice(0, -1);
    const beginning = tokens.at(-1) as string;
    return this.#model.following(before, count + 1, beginning).flatMap(({ token, score }) => {
      const finished = [...before, token];
      if (token !== beginning) return [{ tokens: finished, typed: before.length, score }];
      return this.#nextWord(finished, count, score).map((start) => ({ ...start, typed: before.length }));
    });
  }

  /** The likeliest words after a start, up to the end of the prompt; returns the tokens that were not typed. */
  #carryOn({ tokens, typed }: Start): string[] {
    const text = [...tokens];
    while (text.length - typed < MAX_TOKENS) {
      const [next] = this.#model.following(text, 1);
      if (!next || next.token === BOUNDARY) break;
      text.push(next.token);
    }
    return text.slice(typed);
  }
}
