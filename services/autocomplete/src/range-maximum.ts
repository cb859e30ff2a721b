/** Best items of a range without looking at all of it: a tournament tree (segment tree) of positions. */

/** Answers "which position of [low, high) has the greatest weight" in O(log n) and the best k in O(k log n). */
export class RangeMaximum {
  readonly #weights: ArrayLike<number>;
  /** Node i holds the winner of nodes 2i and 2i+1; leaves start at `#size`. */
  readonly #tree: Int32Array;
  readonly #size: number;

  constructor(weights: ArrayLike<number>) {
    this.#weights = weights;
    this.#size = Math.max(1, weights.length);
    this.#tree = new Int32Array(2 * this.#size).fill(-1);
    for (let i = 0; i < weights.length; i++) this.#tree[this.#size + i] = i;
    for (let i = this.#size - 1; i > 0; i--)
      this.#tree[i] = this.#better(this.#at(2 * i), this.#at(2 * i + 1));
  }

  #at(node: number): number {
    return this.#tree[node] as number;
  }

  /** The heavier of two positions; the earlier one when equal; −1 loses to all. */
  #better(a: number, b: number): number {
    if (a < 0 || b < 0) return Math.max(a, b);
    const difference = (this.#weights[a] as number) - (this.#weights[b] as number);
    return difference > 0 || (difference === 0 && a < b) ? a : b;
  }

  /** Position of the greatest weight in [low, high); −1 when the range is empty. */
  best(low: number, high: number): number {
    let winner = -1;
    let left = low + this.#size;
    let right = high + this.#size;
    for (; left < right; left >>= 1, right >>= 1) {
      if (left & 1) winner = this.#better(winner, this.#at(left++));
      if (right & 1) winner = this.#better(winner, this.#at(--right));
    }
    return winner;
  }

  /** The `count` heaviest positions of [low, high), heaviest first; earlier first when equal. */
  top(low: number, high: number, count: number): number[] {
    const found: number[] = [];
    const ranges: { low: number; high: number; best: number }[] = [];
    const open = (from: number, to: number): void => {
      if (from < to) ranges.push({ low: from, high: to, best: this.best(from, to) });
    };
    open(low, high);
    while (found.length < count && ranges.length > 0) {
      // The winner of all open ranges; few ranges are open, so a scan beats a heap.
      let [winner, at] = [-1, 0];
      for (const [i, { best }] of ranges.entries())
        if (this.#better(winner, best) !== winner) [winner, at] = [best, i];
      const range = ranges[at] as (typeof ranges)[0];
      found.push(range.best);
      ranges[at] = ranges.at(-1) as typeof range;
      ranges.pop();
      open(range.low, range.best);
      open(range.best + 1, range.high);
    }
    return found;
  }
}
