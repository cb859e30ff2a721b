import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BundleError } from './errors.ts';
import { isFunctionWord } from './function-words.ts';
import { baseForms } from './word-forms.ts';

/** The bundle role whose file `words` holds the words of the training captions. */
export const VOCABULARY_ROLE = 'vocabulary';

/** The words a model saw in training. */
export interface Vocabulary {
  /** Content words of the text it never saw in any form, lower case, in order of appearance, each once. */
  unknownConcepts(text: string): string[];
  readonly size: number;
}

const WordsSchema = z.union([
  z.array(z.string()),
  z.object({ words: z.array(z.string()) }).transform(({ words }) => words),
  z.record(z.string(), z.number()).transform((counts) => Object.keys(counts)),
]);

/** Loads a vocabulary: a JSON list of words, `{"words": […]}`, or words with their counts. */
export async function loadVocabulary(path: string): Promise<Vocabulary> {
  try {
    return createVocabulary(WordsSchema.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch (cause) {
    throw new BundleError('FILE_DAMAGED', `${path} is not a list of words`, cause);
  }
}

/** A vocabulary of the given words; case doesn't matter. */
export function createVocabulary(words: readonly string[]): Vocabulary {
  const known = new Set<string>();
  for (const word of words) for (const form of baseForms(word.toLowerCase())) known.add(form);
  const isKnown = (word: string): boolean => baseForms(word).some((form) => known.has(form));
  return {
    size: words.length,
    unknownConcepts(text) {
      const unknown = new Set<string>();
      for (const [word] of text
        .normalize('NFC')
        .toLowerCase()
        .matchAll(/\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*/gu)) {
        if (isKnown(word)) continue;
        // A compound is known when all its parts are: "snow-covered", "blue-green".
        const parts = word.split(/['’-]/u).filter((part) => part.length > 1);
        const missing = parts.filter((part) => !isFunctionWord(part) && !isKnown(part));
        if (missing.length > 0) unknown.add(missing.length === parts.length ? word : (missing[0] as string));
      }
      return [...unknown];
    },
  };
}
