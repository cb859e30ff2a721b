/** Everything that suggestions in one language need, built from its prompts and models of the next word. */
import type { PopularPrompt } from './index-file.ts';
import type { NextWords } from './next-words.ts';
import type { NgramModel } from './ngram.ts';
import { PromptIndex } from './prompt-index.ts';
import { Spelling, type WordCounts } from './spelling.ts';
import { type Judge, Suggester } from './suggester.ts';
import { tokenise } from './tokens.ts';
import { WordContinuation } from './word-continuation.ts';

export interface LanguageParts {
  /** In the order of their keys. */
  prompts: readonly PopularPrompt[];
  ngrams: NgramModel;
  /** Words that are no slips, and how often they occur. */
  words: WordCounts;
  /** What may come next where few prompts begin so. */
  next: NextWords;
  judge: Judge;
}

export function buildSuggester({ prompts, ngrams, words, next, judge }: LanguageParts): Suggester {
  return new Suggester({
    index: new PromptIndex(prompts),
    spelling: new Spelling(words),
    continuation: new WordContinuation(next, ngrams),
    isFamiliar: (key) => ngrams.isFamiliar(tokenise(key)),
    judge,
  });
}
