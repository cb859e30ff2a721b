import { InferenceError } from './errors.ts';

export interface MicroBatcherOptions {
  /** Most items in a batch, ≥ 1. */
  readonly maxBatch: number;
  /** Longest an item waits for company while the model is idle, milliseconds; 0 never waits. */
  readonly maxDelayMs: number;
  /** Items that may wait; beyond it QUEUE_FULL. */
  readonly maxQueued: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly arrivedMs: number;
  readonly settle: PromiseWithResolvers<Result>;
}

/**
 * Gathers single items into batches for a model that computes one batch at a time. While it computes, arrivals gather
 * by themselves; the delay only matters when it is idle. Only items with the same key share a batch (same shapes).
 */
export class MicroBatcher<Item, Result> {
  readonly #compute: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #keyOf: (item: Item) => string;
  readonly #options: MicroBatcherOptions;
  #waiting: Waiting<Item, Result>[] = [];
  #busy = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param compute gives one result per item, in order; a rejection fails that batch's items alone.
   * @param keyOf what items must share to be computed together.
   */
  constructor(
    compute: (items: readonly Item[]) => Promise<readonly Result[]>,
    keyOf: (item: Item) => string,
    options: MicroBatcherOptions,
  ) {
    this.#compute = compute;
    this.#keyOf = keyOf;
    this.#options = options;
  }

  /** Computes one item, in company when there is some. An aborted item that still waits is taken out. */
  async submit(item: Item, signal?: AbortSignal): Promise<Result> {
    if (this.#waiting.length >= this.#options.maxQueued) {
      throw new InferenceError('QUEUE_FULL', `${this.#options.maxQueued} items are waiting already`);
    }
    if (signal?.aborted) throw aborted();
    const waiting = { item, arrivedMs: performance.now(), settle: Promise.withResolvers<Result>() };
    const abort = (): void => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      waiting.settle.reject(aborted());
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.push(waiting);
    this.#schedule();
    try {
      return await waiting.settle.promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  #schedule(): void {
    const first = this.#waiting[0];
    if (this.#busy || !first) return;
    clearTimeout(this.#timer);
    const waitMs = first.arrivedMs + this.#options.maxDelayMs - performance.now();
    if (waitMs <= 0 || this.#companyOf(first).length >= this.#options.maxBatch) void this.#computeNext(first);
    else this.#timer = setTimeout(() => this.#schedule(), waitMs);
  }

  #companyOf(first: Waiting<Item, Result>): Waiting<Item, Result>[] {
    const key = this.#keyOf(first.item);
    return this.#waiting.filter((other) => this.#keyOf(other.item) === key).slice(0, this.#options.maxBatch);
  }

  async #computeNext(first: Waiting<Item, Result>): Promise<void> {
    const batch = this.#companyOf(first);
    this.#waiting = this.#waiting.filter((other) => !batch.includes(other));
    this.#busy = true;
    try {
      const results = await this.#compute(batch.map(({ item }) => item));
      for (const [i, { settle }] of batch.entries()) settle.resolve(results[i] as Result);
    } catch (error) {
      for (const { settle } of batch) settle.reject(error);
    } finally {
      this.#busy = false;
      this.#schedule();
    }
  }
}

const aborted = (): InferenceError => new InferenceError('RUN_ABORTED', 'The item was aborted');
