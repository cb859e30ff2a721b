/** Prompts by prefix: sorted strings in one, prefix sums of popularity, and a tournament tree for the best of a range. */
import { fold } from './fold.ts';
import type { PopularPrompt } from './index-file.ts';
import { PackedStrings } from './packed-strings.ts';
import { RangeMaximum } from './range-maximum.ts';

/** The prompts that begin with a prefix: positions [low, high). */
export interface Range {
  low: number;
  high: number;
}

/** A way to go on from a prefix. */
export interface Branch extends Range {
  /** The rest of the unfinished word, or a space and the next word. */
  word: string;
  /** Sum of the popularities of its prompts. */
  mass: number;
}

/** What may follow a prefix up to the end of the next word: the rest of this word, or a space and the next one. */
const NEXT_WORD = /\s*\S*/y;

const SPACE = 0x20;

export class PromptIndex {
  readonly #keys: PackedStrings;
  readonly #texts: PackedStrings;
  /** Entry i: sum of the popularities before position i. */
  readonly #before: Float64Array;
  readonly #best: RangeMaximum;

  /** Takes prompts in the order of their keys, as `unpackIndex` gives them; throws RangeError for another order. */
  constructor(prompts: readonly PopularPrompt[]) {
    const texts = prompts.map(({ text }) => text);
    const keys = texts.map(fold);
    this.#before = new Float64Array(prompts.length + 1);
    prompts.forEach(({ popularity, text }, i) => {
      if (i > 0 && (keys[i - 1] as string) >= (keys[i] as string))
        throw new RangeError(`prompt index out of order at ${JSON.stringify(text)}`);
      this.#before[i + 1] = (this.#before[i] as number) + popularity;
    });
    this.#keys = new PackedStrings(keys);
    // Megabytes less where nothing had to be folded.
    this.#texts = texts.every((text, i) => text === keys[i]) ? this.#keys : new PackedStrings(texts);
    // Of equally popular prompts the shorter one: it is read at a glance.
    this.#best = new RangeMaximum(
      Float64Array.from(prompts, ({ popularity, text }) => popularity + 1 / (1 + text.length)),
    );
  }

  get size(): number {
    return this.#keys.size;
  }

  /** The prompt at a position. */
  at(position: number): PopularPrompt {
    return { text: this.#texts.at(position), popularity: this.#massOf(position, position + 1) };
  }

  /** Where the prompts that begin with `key` (folded) stand. */
  range(key: string): Range {
    return {
      low: this.#search(0, this.size, (position) => this.#keys.compare(position, key) < 0),
      high: this.#search(0, this.size, (position) => this.#keys.compare(position, key) <= 0),
    };
  }

  /** First position of [low, high) for which `before` no longer holds. */
  #search(low: number, high: number, before: (position: number) => boolean): number {
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Sum of the popularities of a range. */
  mass({ low, high }: Range): number {
    return this.#massOf(low, high);
  }

  #massOf(low: number, high: number): number {
    return (this.#before[high] as number) - (this.#before[low] as number);
  }

  /** The most popular prompt of a range that isn't empty. */
  best({ low, high }: Range): PopularPrompt {
    return this.at(this.#best.best(low, high));
  }

  /** The most popular prompts of a range, best first. */
  top({ low, high }: Range, count: number): PopularPrompt[] {
    return this.#best.top(low, high, count).map((position) => this.at(position));
  }

  /**
   * The ways to go on from a prefix (folded), one per next word, heaviest first: "a do" → "g", "nkey"; "a dog" → " in",
   * " on", "s". A prompt that ends where the prefix ends is no way to go on.
   */
  branches(key: string): Branch[] {
    const within = this.range(key);
    const branches: Branch[] = [];
    let { low } = within;
    while (low < within.high) {
      const first = this.#keys.at(low);
      NEXT_WORD.lastIndex = key.length;
      NEXT_WORD.test(first);
      const words = first.slice(0, NEXT_WORD.lastIndex);
      const high = words === key ? low + 1 : this.#endOfWord(words, low, within.high);
      if (words !== key)
        branches.push({ word: words.slice(key.length), low, high, mass: this.#massOf(low, high) });
      low = high;
    }
    return branches.sort((a, b) => b.mass - a.mass);
  }

  /** End of the prompts that go on with exactly these words: the word may not be longer. */
  #endOfWord(words: string, low: number, high: number): number {
    // A space sorts before every character of a word, so the longer words come after all that follows this one.
    return this.#search(low, high, (position) => {
      const order = this.#keys.compare(position, words);
      if (order !== 0) return order < 0;
      const next = this.#keys.codeUnit(position, words.length);
      return next === undefined || next === SPACE;
    });
  }
}
