/**
 * Start-time fair queueing (Goyal, Vin & Cheng 1996): whoever has the smallest tag is served next, and its tag grows by
 * what it was given over its weight. Any two flows that always have work therefore receive service in proportion to
 * their weights, but for one turn each; a flow that comes back gets no credit for having been away.
 */
export class FairShares {
  readonly #tags = new Map<string, number>();
  /** Virtual time: the tag of the flow served last. */
  #now = 0;

  /** A flow that had no work has some. */
  enter(flow: string): void {
    this.#tags.set(flow, Math.max(this.#now, this.#tags.get(flow) ?? 0));
    // Tags in the past mean nothing more than none; without this every caller ever seen would be remembered.
    for (const [other, tag] of this.#tags) if (tag < this.#now) this.#tags.delete(other);
  }

  /** Negative when `a` goes before `b`. */
  compare(a: string, b: string): number {
    return this.#tagOf(a) - this.#tagOf(b);
  }

  /** A flow was served. @param amount in any unit, ≥ 0. @param weight its share, > 0. */
  charge(flow: string, amount: number, weight: number): void {
    this.#tags.set(flow, this.#tagOf(flow) + amount / weight);
  }

  /** Virtual time moves on to the flow that leads a turn. */
  advanceTo(flow: string): void {
    this.#now = Math.max(this.#now, this.#tagOf(flow));
  }

  #tagOf(flow: string): number {
    return this.#tags.get(flow) ?? this.#now;
  }
}
