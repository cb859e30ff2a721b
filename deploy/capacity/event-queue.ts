/** Events in the order of their times; those of one time in the order in which they were added. Pure. */
interface Event {
  readonly at: number;
  readonly number: number;
  readonly happen: (at: number) => void;
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.number < b.number);

/** A binary heap and a clock. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #number = 0;

  add(at: number, happen: (at: number) => void): void {
    const heap = this.#heap;
    heap.push({ at, number: this.#number++, happen });
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!before(heap[i] as Event, heap[parent] as Event)) break;
      [heap[i], heap[parent]] = [heap[parent] as Event, heap[i] as Event];
      i = parent;
    }
  }

  /** Lets everything happen, also what that adds. @returns the time of the last event. */
  runAll(): number {
    let now = 0;
    for (let event = this.#next(); event; event = this.#next()) {
      now = event.at;
      event.happen(now);
    }
    return now;
  }

  #next(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < heap.length && before(heap[child] as Event, heap[least] as Event)) least = child;
      if (least === i) return first;
      [heap[i], heap[least]] = [heap[least] as Event, heap[i] as Event];
      i = least;
    }
  }
}
