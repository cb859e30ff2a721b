/** Counts of n-grams of one length, in two sorted arrays: small, and nothing for the garbage collector to walk. */

import { radixSort } from './radix-sort.ts';

/** A prompt as token numbers, and how often it counts. */
export interface NumberedPrompt {
  numbers: readonly number[];
  times: number;
}

/** What followed one context. */
export interface Followers {
  /** How often the context was seen. */
  total: number;
  /** The commonest followers that were wanted, [token number, count], commonest first. */
  best: [number: number, times: number][];
}

export class NgramCounts {
  /** Token numbers are below it: four of them make a number below 2^52. */
  static readonly RADIX = 2 ** 13;

  /** Context and follower in one number, ascending; contexts newest word first. */
  readonly keys: Float64Array;
  /** How often each was seen. */
  readonly counts: Uint32Array;

  /** Takes arrays of equal length as they are. */
  constructor(keys: Float64Array, counts: Uint32Array) {
    this.keys = keys;
    this.counts = counts;
  }

  /** Counts what followed every `length` (0 to 3) tokens. */
  static of(prompts: readonly NumberedPrompt[], length: number): NgramCounts {
    let size = 0;
    for (const { numbers, times } of prompts)
      size += Math.max(0, numbers.length - Math.max(1, length)) * times;
    const found = new Float64Array(size);
    let at = 0;
    for (const { numbers, times } of prompts)
      for (let i = Math.max(1, length); i < numbers.length; i++) {
        const key = pack(numbers, i, length) * NgramCounts.RADIX + (numbers[i] as number);
        for (let time = 0; time < times; time++) found[at++] = key;
      }
    const events = radixSort(found, length + 1);
    let unique = 0;
    for (let i = 0; i < size; i++) if (i === 0 || events[i] !== events[i - 1]) unique++;
    const keys = new Float64Array(unique);
    const counts = new Uint32Array(unique);
    let last = -1;
    for (let i = 0; i < size; i++) {
      if (i === 0 || events[i] !== events[i - 1]) keys[++last] = events[i] as number;
      counts[last] = (counts[last] as number) + 1;
    }
    return new NgramCounts(keys, counts);
  }

  /** Without what was seen less often than `least`. */
  atLeast(least: number): NgramCounts {
    const kept = (_: number, i: number): boolean => (this.counts[i] as number) >= least;
    return new NgramCounts(this.keys.filter(kept), this.counts.filter(kept));
  }

  /** What followed a context (token numbers, oldest first), at most `count` followers for which `wanted` holds. */
  after(context: readonly number[], count: number, wanted: (number: number) => boolean): Followers {
    const [low, high] = this.#range(context);
    let total = 0;
    const best: [number, number][] = [];
    for (let i = low; i < high; i++) {
      const times = this.counts[i] as number;
      total += times;
      if (best.length === count && times <= (best.at(-1) as [number, number])[1]) continue;
      const number = (this.keys[i] as number) % NgramCounts.RADIX;
      if (!wanted(number)) continue;
      const place = best.findIndex(([, other]) => other < times);
      best.splice(place < 0 ? best.length : place, 0, [number, times]);
      if (best.length > count) best.pop();
    }
    return { total, best };
  }

  /** How often a context (token numbers, oldest first) was seen with a follower. */
  total(context: readonly number[]): number {
    const [low, high] = this.#range(context);
    let total = 0;
    for (let i = low; i < high; i++) total += this.counts[i] as number;
    return total;
  }

  /** Whether a follower was seen after a context (token numbers, oldest first). */
  has(context: readonly number[], follower: number): boolean {
    const key = pack(context, context.length, context.length) * NgramCounts.RADIX + follower;
    return this.keys[this.#search(key)] === key;
  }

  /** Where a context's followers are: [first, one behind the last]. */
  #range(context: readonly number[]): [low: number, high: number] {
    const packed = pack(context, context.length, context.length);
    return [this.#search(packed * NgramCounts.RADIX), this.#search((packed + 1) * NgramCounts.RADIX)];
  }

  /** First position whose key is not below `key`. */
  #search(key: number): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.keys[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The `length` numbers before position `end`, newest first, as the digits of one. */
function pack(numbers: readonly number[], end: number, length: number): number {
  let packed = 0;
  for (let i = 1; i <= length; i++) packed = packed * NgramCounts.RADIX + (numbers[end - i] as number);
  return packed;
}
