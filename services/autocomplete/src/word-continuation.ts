/** Continuations word by word: several next words, each carried on to the end of a prompt. */

import type { NextWords } from './next-words.ts';
import type { NgramModel } from './ngram.ts';
import { append, BOUNDARY, isWord, tokenise } from './tokens.ts';

/** A way to go on from a prefix that no prompt of the index begins with. */
export interface Continuation {
  /** The whole text: the prefix (folded) and what was added. */
  key: string;
  /** Higher is better; comparable between continuations of one prefix. */
  score: number;
}

/** Tokens added at most; a longer text is cut at the end of a word. */
const MAX_TOKENS = 10;
/** What is less likely than this by the n-grams is a guess: better to stop there. */
const LIKELY = 0.1;

interface Start {
  /** Tokens that go on from the complete words of the text: the next word, or the unfinished one and perhaps the next. */
  tokens: string[];
  score: number;
}

export class WordContinuation {
  readonly #next: NextWords;
  readonly #ngrams: NgramModel;

  /** `next` chooses the next word; the n-grams, which cost nothing, carry it on. */
  constructor(next: NextWords, ngrams: NgramModel) {
    this.#next = next;
    this.#ngrams = ngrams;
  }

  /** At most `count` ways to go on, each with another next word, best first. */
  async continuations(key: string, count: number): Promise<Continuation[]> {
    const last = tokenise(key).at(-1);
    const unfinished = last !== undefined && isWord(last) && !/\s$/.test(key) ? last : '';
    const complete = key.slice(0, key.length - unfinished.length);
    const starts = unfinished
      ? await this.#finishWord(complete, unfinished, count)
      : await this.#nextWord(complete, count);
    return starts
      .sort((a, b) => b.score - a.score)
      .slice(0, count)
      .map(({ tokens, score }) => ({ key: append(complete, this.#carryOn(complete, tokens)), score }))
      .filter((continuation) => continuation.key !== key);
  }

  /** Words that may follow complete words. */
  async #nextWord(complete: string, count: number): Promise<Start[]> {
    const following = await this.#next.following(complete, count + 1);
    return following
      .filter(({ token }) => token !== BOUNDARY)
      .map(({ token, score }) => ({ tokens: [token], score }));
  }

  /** Words that the unfinished one may become; when it is a word already, also what may follow it. */
  async #finishWord(complete: string, beginning: string, count: number): Promise<Start[]> {
    const found = await this.#next.following(complete, count + 1, beginning);
    const itself = found.find(({ token }) => token === beginning);
    const longer = found
      .filter((word) => word !== itself)
      .map(({ token, score }) => ({ tokens: [token], score }));
    if (!itself) return longer;
    const after = await this.#nextWord(`${complete}${beginning} `, count);
    return [
      ...longer,
      ...after.map(({ tokens, score }) => ({
        tokens: [beginning, ...tokens],
        score: score * itself.score,
      })),
    ];
  }

  /** The likeliest words after a start, up to the end of the prompt. */
  #carryOn(complete: string, start: readonly string[]): string[] {
    const before = tokenise(complete);
    const added = [...start];
    while (added.length < MAX_TOKENS) {
      const [next] = this.#ngrams.following([...before, ...added], 1);
      if (!next || next.token === BOUNDARY || next.score < LIKELY) break;
      added.push(next.token);
    }
    return added;
  }
}
