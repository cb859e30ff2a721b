/** A token bucket: what a tenant may do at once, and how fast that comes back. Pure; the clock is an argument. */

export interface Rate {
  /** Tokens that come back a second, above 0. */
  perSecond: number;
  /** Most tokens that wait: what may be taken at once after a pause, 1 or more. */
  burst: number;
}

export interface Bucket {
  /** Tokens there were at `atMs`, 0 to `burst`. */
  tokens: number;
  /** Time of the last look, milliseconds. */
  atMs: number;
}

export interface Taken {
  bucket: Bucket;
  /** 0: taken. Otherwise nothing was, and this many milliseconds from now it would be; Infinity for more than `burst`. */
  waitMs: number;
}

/** Sums of fractions are a little off; that must not make a caller wait that waited as long as it was told to. */
const ROUNDING = 1e-9;

export const fullBucket = ({ burst }: Rate, nowMs: number): Bucket => ({ tokens: burst, atMs: nowMs });

/**
 * Take `cost` tokens (0 or more) at `nowMs`. A refusal costs nothing, so that asking again early is no punishment; a clock that
 * goes back brings no tokens and takes none. A changed rate applies from the next look.
 */
export function take({ tokens, atMs }: Bucket, rate: Rate, cost: number, nowMs: number): Taken {
  const passedMs = Math.max(0, nowMs - atMs);
  const there = Math.min(rate.burst, tokens + (passedMs * rate.perSecond) / 1_000);
  const at = Math.max(atMs, nowMs);
  if (cost <= there + ROUNDING) return { bucket: { tokens: Math.max(0, there - cost), atMs: at }, waitMs: 0 };
  const waitMs =
    cost > rate.burst
      ? Number.POSITIVE_INFINITY
      : Math.ceil(((cost - there) * 1_000) / rate.perSecond - ROUNDING * 1_000);
  return { bucket: { tokens: there, atMs: at }, waitMs };
}
