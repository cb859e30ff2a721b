/** One bucket a tenant. */
import { resourceExhausted } from '@atelier/rpc';
import { type Bucket, fullBucket, type Rate, take } from './token-bucket.ts';

/** Full buckets are forgotten when there are more than this. */
const MOST_BUCKETS = 10_000;

export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  /** `now` gives milliseconds of a clock that doesn't go back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Count one call. Throws RpcError RESOURCE_EXHAUSTED (`RATE_LIMITED`) with the time after which one would be let through. */
  count(tenant: string, rate: Rate): void {
    const nowMs = this.#now();
    const { bucket, waitMs } = take(this.#buckets.get(tenant) ?? fullBucket(rate, nowMs), rate, 1, nowMs);
    this.#buckets.set(tenant, bucket);
    if (this.#buckets.size > MOST_BUCKETS) this.#forgetRested(nowMs);
    if (waitMs > 0) {
      const perMinute = Math.round(rate.perSecond * 60);
      throw resourceExhausted(`more than ${perMinute} calls a minute`, waitMs, 'RATE_LIMITED');
    }
  }

  /** A bucket that nobody took from for a minute is as good as a new one for all rates that matter here. */
  #forgetRested(nowMs: number): void {
    for (const [tenant, { atMs }] of this.#buckets) if (nowMs - atMs > 60_000) this.#buckets.delete(tenant);
  }
}
