/** What the scheduler knows of a picture that waits for its next step. */
export interface Waiting {
  /** Pictures of one key may share a batch. */
  readonly key: string;
  /** Network rows until it is finished. */
  readonly rowsLeft: number;
  /** When it was admitted, milliseconds. */
  readonly admittedMs: number;
}

/**
 * Lower goes first: shortest remaining work, less one row for each row's time since admission. A long picture therefore
 * waits at most about its own length before nothing new can overtake it.
 */
export function urgency(waiting: Waiting, nowMs: number, rowMs: number): number {
  return waiting.rowsLeft - (nowMs - waiting.admittedMs) / Math.max(rowMs, 0.001);
}

/** Those that may share the next batch, most urgent first: the most urgent of all, and all of its key. */
export function nextBatch<T extends Waiting>(all: readonly T[], nowMs: number, rowMs: number): T[] {
  const ordered = all.toSorted((a, b) => urgency(a, nowMs, rowMs) - urgency(b, nowMs, rowMs));
  return ordered.filter((one) => one.key === ordered[0]?.key);
}
