/**
 * A back-off n-gram model of prompts: how often each word followed the last three, two, one or none.
 * Scores are Stupid Backoff (Brants et al., EMNLP 2007): the relative frequency in the longest context that was seen,
 * times 0.4 for every word the context had to be shortened by.
 */
import { NgramCounts } from './ngram-counts.ts';
import { BOUNDARY, isWord, tokenise } from './tokens.ts';

export interface Following {
  token: string;
  /** Score in (0, 1]; for ranking, it does not sum to 1. */
  score: number;
}

/** A prompt (folded) and how often it counts. */
export interface Observation {
  key: string;
  /** Any integer ≥ 1; counts as at most MAX_TIMES. */
  times: number;
}

/** Words of context: a 4-gram model. */
const ORDER = 3;
const BACKOFF = 0.4;
/** A single prompt's say in what follows what. */
const MAX_TIMES = 1_000;

/** What a model knows; NgramModel.learn makes it and ngram-file.ts keeps it. */
export interface NgramTables {
  /** Words; token number i + 1 is the i-th. */
  tokens: readonly string[];
  /** How often each was seen. */
  frequencies: readonly number[];
  /** Entry i counts what followed i tokens, 0 to ORDER. */
  counts: readonly NgramCounts[];
}

export class NgramModel {
  readonly tables: NgramTables;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(tables: NgramTables) {
    this.tables = tables;
    this.#numbers = new Map(tables.tokens.map((token, i) => [token, i + 1]));
  }

  /** Count the n-grams of prompts: seconds for 100,000 of them. */
  static learn(observations: readonly Observation[]): NgramModel {
    const prompts = observations.map(({ key, times }) => ({
      tokens: tokenise(key),
      times: Math.min(times, MAX_TIMES),
    }));
    const frequencies = new Map([[BOUNDARY, 0]]);
    for (const { tokens, times } of prompts)
      for (const token of tokens) frequencies.set(token, (frequencies.get(token) ?? 0) + times);
    // The commonest get numbers, from 1 on; 0 is every other word.
    const known = [...frequencies].sort((a, b) => b[1] - a[1]).slice(0, NgramCounts.RADIX - 2);
    if (!known.some(([token]) => token === BOUNDARY)) known.push([BOUNDARY, 0]);
    const numbers = new Map(known.map(([token], i) => [token, i + 1]));
    const numbered = prompts.map(({ tokens, times }) => ({
      numbers: [BOUNDARY, ...tokens, BOUNDARY].map((token) => numbers.get(token) ?? 0),
      times,
    }));
    return new NgramModel({
      tokens: known.map(([token]) => token),
      frequencies: known.map(([, frequency]) => frequency),
      counts: Array.from({ length: ORDER + 1 }, (_, length) => NgramCounts.of(numbered, length)),
    });
  }

  /** How often each word was seen; punctuation marks left out. */
  wordCounts(): Map<string, number> {
    const { tokens, frequencies } = this.tables;
    const counts = tokens.map((token, i) => [token, frequencies[i] as number] as const);
    return new Map(counts.filter(([token]) => isWord(token)));
  }

  /**
   * What may follow, best first, at most `count`: of the words that begin with `beginning` (folded; '' for all), in
   * the context of the tokens of the prompt so far. {@link BOUNDARY} stands for the end of the prompt.
   */
  following(tokens: readonly string[], count: number, beginning = ''): Following[] {
    const numbers = [BOUNDARY, ...tokens].slice(-ORDER).map((token) => this.#numbers.get(token));
    const known = numbers.slice(numbers.lastIndexOf(undefined) + 1) as number[];
    const found = new Map<number, number>();
    let weight = BACKOFF ** (numbers.length - known.length); // unknown words shorten the context too
    const wanted = (number: number): boolean => number > 0 && this.#token(number).startsWith(beginning);
    // After a known word any word of the language would be noise; to finish a word or after an unknown one it is help.
    const shortest = known.length > 0 && beginning === '' ? 1 : 0;
    for (let length = known.length; length >= shortest && found.size < count; length--, weight *= BACKOFF) {
      const { total, best } = (this.tables.counts[length] as NgramCounts).after(
        known.slice(known.length - length),
        count,
        (number) => wanted(number) && !found.has(number),
      );
      for (const [number, times] of best) if (found.size < count) found.set(number, (weight * times) / total);
    }
    return [...found]
      .map(([number, score]) => ({ token: this.#token(number), score }))
      .sort((a, b) => b.score - a.score);
  }

  /** How often the longest context, the last three tokens, was seen with anything behind it; 0 where there are fewer. */
  evidence(tokens: readonly string[]): number {
    const numbers = [BOUNDARY, ...tokens].slice(-ORDER).map((token) => this.#numbers.get(token));
    if (numbers.length < ORDER || numbers.includes(undefined)) return 0;
    return (this.tables.counts[ORDER] as NgramCounts).total(numbers as number[]);
  }

  /** Whether each token of a prompt, its first too, was seen where it stands: behind the token before it. */
  isFamiliar(tokens: readonly string[]): boolean {
    const pairs = this.tables.counts[1] as NgramCounts;
    const numbers = [BOUNDARY, ...tokens].map((token) => this.#numbers.get(token));
    return numbers.every((number, i) => {
      const before = numbers[i - 1];
      return i === 0 || (number !== undefined && before !== undefined && pairs.has([before], number));
    });
  }

  #token(number: number): string {
    return this.tables.tokens[number - 1] as string;
  }
}
