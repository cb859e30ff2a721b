/** Which prompts of accepted generations may be suggested to others: said often enough, by what they contain nobody's own. */
import { LRUCache } from 'lru-cache';
import { fold } from './fold.ts';
import type { PopularPrompt } from './index-file.ts';

export interface LearningOptions {
  /** Generations of a prompt before anybody else is offered it. */
  minTimes: number;
  /** Different prompts that are counted; those met longest ago are forgotten first. */
  maxPrompts: number;
}

/** What people chose counts for more than what the grammar wrote. */
const WEIGHT = 10;

/** Addresses, links, and numbers that could be somebody's: such a prompt stays with who wrote it. */
const PERSONAL = /@|:\/\/|www\.|\d{4,}/;

export class LearnedPrompts {
  readonly #options: LearningOptions;
  readonly #met: LRUCache<string, { text: string; times: number }>;

  constructor(options: LearningOptions) {
    this.#options = options;
    this.#met = new LRUCache({ max: options.maxPrompts });
  }

  /**
   * Count a generation's prompt. True when this made it one that may be suggested, and again when it has been met twice, four times …
   * as often.
   */
  add(prompt: string): boolean {
    const text = prompt.replace(/\s+/g, ' ').trim();
    const key = fold(text);
    if (!key || key.length !== text.length || PERSONAL.test(text)) return false;
    const times = (this.#met.get(key)?.times ?? 0) + 1;
    this.#met.set(key, { text, times });
    return Number.isInteger(Math.log2(times / this.#options.minTimes)) && times >= this.#options.minTimes;
  }

  /** Forget a prompt. */
  drop(prompt: string): void {
    this.#met.delete(fold(prompt.replace(/\s+/g, ' ').trim()));
  }

  /** Those that may be suggested, in the order of their keys. */
  popular(): PopularPrompt[] {
    return [...this.#met.entries()]
      .filter(([, { times }]) => times >= this.#options.minTimes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { text, times }]) => ({ text, popularity: times * WEIGHT }));
  }
}
