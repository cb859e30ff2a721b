/** How often progress is told: each telling is an event on NATS for everybody who watches, on cores that could draw. */

/** Least time between two, milliseconds: four a second move a bar smoothly. */
const TELL_EVERY_MS = 250;

/** The pace of one picture. Its first and its last step are always told, those between when the time has come. */
export class ProgressPace {
  #toldMs = Number.NEGATIVE_INFINITY;

  /** Whether to tell that step `step` of `steps` ended at `nowMs`. */
  due(step: number, steps: number, nowMs: number): boolean {
    if (step < steps && nowMs - this.#toldMs < TELL_EVERY_MS) return false;
    this.#toldMs = nowMs;
    return true;
  }
}
