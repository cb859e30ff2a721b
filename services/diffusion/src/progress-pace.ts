/** How often a caller hears of steps: each hearing is a message to send and to read, on cores that could draw. */

/** The pace of one picture. Its first and its last step are always told, those between when the time has come. */
export class ProgressPace {
  readonly #intervalMs: number;
  #toldMs = Number.NEGATIVE_INFINITY;

  /** @param intervalMs least time between two; 0: every step. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Whether to tell that step `step` of `steps` ended at `nowMs`. */
  due(step: number, steps: number, nowMs: number): boolean {
    if (step < steps && nowMs - this.#toldMs < this.#intervalMs) return false;
    this.#toldMs = nowMs;
    return true;
  }
}
