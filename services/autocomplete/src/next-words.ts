/** Which word comes next: what the n-grams say, or a mixture of them and a neural language model. */
import type { Following, NgramModel } from './ngram.ts';
import { BOUNDARY, isWord, tokenise } from './tokens.ts';

/** A model of the next word. */
export interface NextWords {
  /**
   * What may follow a text (folded, of complete words), best first, at most `count`: of the words that begin with `beginning`
   * ('' for all). BOUNDARY stands for the end of the prompt.
   */
  following(text: string, count: number, beginning?: string): Promise<Following[]>;
}

/** Probabilities of words after a text, 0 for unknown ones; undefined when the model can't say in time. */
export type Predict = (text: string) => Promise<((word: string) => number) | undefined>;

/** The n-gram model's opinion. */
export const fromNgrams = (ngrams: NgramModel): NextWords => ({
  following: async (text, count, beginning) => ngrams.following(tokenise(text), count, beginning),
});

/** The neural model's share in the mixture, 0 to 1. */
const NEURAL_SHARE = 0.7;
/** Words that the n-grams are asked for, for each one wanted. */
const PROPOSALS = 4;

/**
 * A linear mixture (Jelinek & Mercer 1980) of both: n-grams know the index by heart, the neural model reads the whole text. Where
 * that is late, the n-grams' order stands, which is good, only not as good.
 */
export function mixed(ngrams: NgramModel, words: readonly string[], predict: Predict): NextWords {
  const all = [...words].filter(isWord);
  return {
    async following(text, count, beginning = '') {
      const known = ngrams.following(tokenise(text), count * PROPOSALS, beginning);
      const probability = await predict(text);
      if (!probability) return known.slice(0, count);
      const scores = new Map(known.map(({ token, score }) => [token, (1 - NEURAL_SHARE) * score]));
      const candidates = beginning ? all.filter((word) => word.startsWith(beginning)) : [...all, BOUNDARY];
      const weights = candidates.map(probability);
      // Of a word begun, the letters are known: what they leave is all there is.
      const sum = beginning ? weights.reduce((total, weight) => total + weight, 0) || 1 : 1;
      candidates.forEach((word, i) => {
        scores.set(word, (scores.get(word) ?? 0) + (NEURAL_SHARE * (weights[i] as number)) / sum);
      });
      return [...scores]
        .map(([token, score]) => ({ token, score }))
        .sort((a, b) => b.score - a.score)
        .slice(0, count);
    },
  };
}
