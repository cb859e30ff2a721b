import type { StepOutcome } from './drawing.ts';

/**
 * Steps on their way to a reader that may be slower than the sampler. Memory is bounded: an unread step is replaced by
 * the next one, and keeps the newest preview.
 */
export class OutcomeStream {
  #unread: StepOutcome | undefined;
  #ended = false;
  #error: unknown;
  #wake = Promise.withResolvers<void>();

  /** Adds a step; the one that carries the image is the last. */
  push(outcome: StepOutcome): void {
    const preview = outcome.preview ?? this.#unread?.preview;
    this.#unread = preview ? { ...outcome, preview } : outcome;
    if (outcome.image) this.#ended = true;
    this.#wake.resolve();
  }

  /** Ends the stream with an error; what is unread is dropped. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#unread = undefined;
    this.#error = error;
    this.#ended = true;
    this.#wake.resolve();
  }

  /** The steps, in order, until the image or the error. For one reader. */
  async *read(): AsyncGenerator<StepOutcome, void, undefined> {
    for (;;) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
      const outcome = this.#unread;
      this.#unread = undefined;
      if (outcome) yield outcome;
      else if (this.#error !== undefined) throw this.#error;
      if (this.#ended && this.#unread === undefined) {
        if (this.#error !== undefined) throw this.#error;
        return;
      }
    }
  }
}
