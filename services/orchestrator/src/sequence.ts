/**
 * Numbers of a generation's events. Every attempt has a block of its own, so that a worker that lost its job without
 * noticing can't count above its successor, and the number of `finished` follows from the record alone.
 */

/** Larger than the events of the longest attempt: 8 images × 1,000 steps × (progress + preview), and the stages. */
const BLOCK = 100_000n;

/** Number of the first event of an attempt; attempt 0 is the time before a worker took the job. */
export const firstOf = (attempt: number): bigint => BigInt(attempt) * BLOCK + 1n;

/** Number of `finished` when `attempt` is the last one. */
export const finishedAfter = (attempt: number): bigint => (BigInt(attempt) + 1n) * BLOCK;
