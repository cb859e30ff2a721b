/** Over how much compute time speed is averaged, milliseconds: what others do on the machine comes in shorter waves. */
const WINDOW_MS = 2_000;
/** Shapes remembered; the one learnt first is forgotten. */
const MOST_KEYS = 256;

/** How long a row of a run takes, learnt for each shape. Pure. */
export class StepTimes {
  readonly #byKey = new Map<string, { rowMs: number; count: number }>();
  #last = 0;

  /** @param rowMs time of one run over its rows, milliseconds. */
  learn(key: string, rowMs: number): void {
    const { rowMs: mean, count } = this.#byKey.get(key) ?? { rowMs: 0, count: 0 };
    // The first few count alike; then each as its part of the window.
    const weight = Math.min(1, Math.max(1 / (count + 1), mean / WINDOW_MS));
    this.#last = mean + weight * (rowMs - mean);
    this.#byKey.set(key, { rowMs: this.#last, count: count + 1 });
    if (this.#byKey.size > MOST_KEYS) this.#byKey.delete(this.#byKey.keys().next().value as string);
  }

  /** Milliseconds a row; for a shape never seen that of the last one, 0 before any was. */
  rowMs(key: string): number {
    return this.#byKey.get(key)?.rowMs ?? this.#last;
  }
}
