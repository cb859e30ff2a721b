/** Everything that suggestions in one language need, built from its prompt index. */
import { fold } from './fold.ts';
import type { PopularPrompt } from './index-file.ts';
import { NgramModel } from './ngram.ts';
import { NgramContinuation } from './ngram-continuation.ts';
import { PromptIndex } from './prompt-index.ts';
import { type Rank, RerankedContinuation } from './reranked-continuation.ts';
import { Spelling } from './spelling.ts';
import { type IsSafe, Suggester } from './suggester.ts';
import { isWord } from './tokens.ts';

/**
 * A suggester over prompts in the order of their keys; the next-word model and the words are learnt from them. With
 * `rank` a neural model orders what that one proposes.
 */
export function buildSuggester(prompts: readonly PopularPrompt[], isSafe: IsSafe, rank?: Rank): Suggester {
  const ngrams = new NgramModel(
    prompts.map(({ text, popularity }) => ({ key: fold(text), times: popularity })),
  );
  const proposer = new NgramContinuation(ngrams);
  const words = new Map([...ngrams.wordCounts()].filter(([token]) => isWord(token)));
  return new Suggester({
    index: new PromptIndex(prompts),
    spelling: new Spelling(words),
    model: rank ? new RerankedContinuation(proposer, rank) : proposer,
    isSafe,
  });
}
