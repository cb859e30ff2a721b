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

/**
 * The gain that a phrase promises to pictures of a domain: 0 where nothing is known about one of its words ("in rainy weather" is no
 * "clear weather"). No function for a domain that nothing was learnt about.
 */
export type Worth = (domain: Domain) => ((phrase: string) => number) | undefined;

export const worthOf =
  (learnt: z.infer<typeof WorthSchema>): Worth =>
  (domain) => {
    const known = learnt[domain];
    if (!known) return undefined;
    return (phrase) => {
      const gains = tellingWords(phrase).map((word) => known.words[word]);
      return gains.includes(undefined)
        ? 0
        : gains.reduce<number>((sum, gain) => sum + (gain ?? 0), known.any);
    };
  };

/** The different words of a phrase, without those that say nothing by themselves. */
export const tellingWords = (phrase: string): string[] => [
  ...new Set(wordsOf(phrase).filter((word) => !SMALL.has(word))),
];
