/** Probabilities of whole words out of a model's probabilities of tokens, which may be pieces of words. */
import type { TextTokenizer } from '@atelier/models';
import type { Following } from './ngram.ts';
import { BOUNDARY, isWord } from './tokens.ts';

/** What a model thinks comes next. */
export interface Opinion {
  /** Probability of a word or BOUNDARY; 0 for words it does not know. */
  of(word: string): number;
  /** The likeliest words that begin with `beginning`, best first, at most `count`, and the sum of all such words. */
  best(count: number, beginning: string): { words: Following[]; mass: number };
}

/**
 * A word's share of its first token is its share of the words, by how often they occur, that begin with that token: exact for words
 * of one token, an estimate for the others that costs no further run of the model.
 */
export class WordTable {
  /** Sorted. */
  readonly #words: readonly string[];
  readonly #first: Int32Array;
  readonly #share: Float64Array;
  readonly #end: number | undefined;

  /** `counts` says how often each word occurs, `end` is the token that ends a text. */
  constructor(
    counts: ReadonlyMap<string, number>,
    tokenizer: Pick<TextTokenizer, 'encode'>,
    end: number | undefined,
  ) {
    this.#end = end;
    this.#words = [...counts.keys()].filter(isWord).sort();
    // Behind a space, as a word stands in a text: some tokenizers tell the two apart.
    this.#first = Int32Array.from(
      this.#words,
      (word) => tokenizer.encode(` ${word}`, { special: false })[0] ?? -1,
    );
    const mass = new Map<number, number>();
    const times = Float64Array.from(this.#words, (word) => counts.get(word) as number);
    for (const [i, token] of this.#first.entries())
      mass.set(token, (mass.get(token) ?? 0) + (times[i] as number));
    this.#share = times.map((count, i) => {
      const token = this.#first[i] as number;
      return token < 0 ? 0 : count / (mass.get(token) as number);
    });
  }

  /** The opinion that probabilities of the next token, by id, amount to. */
  opinion(tokens: Float32Array): Opinion {
    const at = (i: number): number => (this.#share[i] as number) * (tokens[this.#first[i] as number] ?? 0);
    return {
      of: (word) => {
        if (word === BOUNDARY) return this.#end === undefined ? 0 : (tokens[this.#end] ?? 0);
        const i = this.#search(word);
        return this.#words[i] === word ? at(i) : 0;
      },
      best: (count, beginning) => {
        const words: Following[] = [];
        let mass = 0;
        for (let i = this.#search(beginning); this.#words[i]?.startsWith(beginning); i++) {
          const score = at(i);
          mass += score;
          if (score === 0 || (words.length === count && score <= (words.at(-1) as Following).score)) continue;
          const place = words.findIndex((other) => other.score < score);
          words.splice(place < 0 ? words.length : place, 0, { token: this.#words[i] as string, score });
          if (words.length > count) words.pop();
        }
        return { words, mass };
      },
    };
  }

  /** First place whose word is not before `word`. */
  #search(word: string): number {
    let [low, high] = [0, this.#words.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#words[middle] as string) < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
