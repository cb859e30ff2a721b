/** What a plain trie of the same prompts suggests: the commonest next words of those that begin exactly so. */
import { fold } from '../../../services/autocomplete/src/fold.ts';
import type { PopularPrompt } from '../../../services/autocomplete/src/index-file.ts';
import { firstWord } from './halves.ts';

export class Trie {
  readonly #next = new Map<string, Map<string, number>>();

  constructor(prompts: readonly PopularPrompt[]) {
    for (const { text, popularity } of prompts) {
      const words = fold(text).split(' ');
      for (let i = 0; i < words.length; i++) {
        const before = words.slice(0, i).join(' ');
        const counts = this.#next.get(before) ?? new Map<string, number>();
        this.#next.set(before, counts);
        const word = firstWord(words[i] as string);
        counts.set(word, (counts.get(word) ?? 0) + popularity);
      }
    }
  }

  /** The `count` commonest words after a prefix of whole words. */
  nextWords(prefix: string, count: number): string[] {
    return [...(this.#next.get(fold(prefix).trim()) ?? [])]
      .sort(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([word]) => word);
  }
}
