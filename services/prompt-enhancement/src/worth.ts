/** What phrases are worth to pictures, learnt from pictures that were drawn with and without them (`npm run worth`). */
import { z } from 'zod';
import type { Domain } from './facets.ts';
import { SMALL, wordsOf } from './understanding.ts';

/**
 * By domain: what any addition does to the picture, aesthetic score and CLIPScore to the user's words summed, and what each word in
 * it does besides.
 */
export const WorthSchema = z.partialRecord(
  z.enum(['landscape', 'portrait', 'abstract', 'other']),
  z.object({ any: z.number(), words: z.record(z.string(), z.number()) }),
);

/** The gain that a phrase promises to pictures of a domain; 0 for a domain that nothing is known about. */
export type Worth = (domain: Domain, phrase: string) => number;

export const worthOf =
  (learnt: z.infer<typeof WorthSchema>): Worth =>
  (domain, phrase) => {
    const known = learnt[domain];
    return known ? tellingWords(phrase).reduce((sum, word) => sum + (known.words[word] ?? 0), known.any) : 0;
  };

/** The different words of a phrase, without those that say nothing by themselves. */
export const tellingWords = (phrase: string): string[] => [
  ...new Set(wordsOf(phrase).filter((word) => !SMALL.has(word))),
];
