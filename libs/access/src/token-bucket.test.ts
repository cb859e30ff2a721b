import { describe, expect, it } from 'vitest';
import { type Bucket, fullBucket, take } from './token-bucket.ts';

const rate = { perSecond: 2, burst: 3 };

describe('a token bucket', () => {
  it('gives its burst at once, then its rate, and says how long to wait', () => {
    let bucket = fullBucket(rate, 0);
    const waits = [0, 0, 0, 0, 499, 500].map((nowMs) => {
      const taken = take(bucket, rate, 1, nowMs);
      bucket = taken.bucket;
      return taken.waitMs;
    });
    expect(waits).toEqual([0, 0, 0, 500, 1, 0]);
  });

  it('holds no more than its burst, however long nobody came', () => {
    const { bucket, waitMs } = take(fullBucket(rate, 0), rate, 3, 1e9);
    expect({ bucket, waitMs }).toEqual({ bucket: { tokens: 0, atMs: 1e9 }, waitMs: 0 });
  });

  it('never gives what exceeds the burst, and says so', () => {
    expect(take(fullBucket(rate, 0), rate, 4, 0).waitMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('gives nothing for a clock that goes back', () => {
    const empty: Bucket = { tokens: 0, atMs: 10_000 };
    const { bucket, waitMs } = take(empty, rate, 1, 5_000);
    expect({ bucket, waitMs }).toEqual({ bucket: empty, waitMs: 500 });
  });

  it('lets no more through than burst + rate × time, whatever the pattern', () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let run = 0; run < 200; run++) {
      const own = { perSecond: 0.1 + random() * 50, burst: 1 + Math.floor(random() * 20) };
      let bucket = fullBucket(own, 0);
      let nowMs = 0;
      let through = 0;
      for (let i = 0; i < 300; i++) {
        nowMs += random() * 100;
        const cost = Math.floor(random() * 3);
        const taken = take(bucket, own, cost, nowMs);
        bucket = taken.bucket;
        if (taken.waitMs === 0) through += cost;
        // What it asks to wait for is enough.
        else if (Number.isFinite(taken.waitMs))
          expect(take(bucket, own, cost, nowMs + taken.waitMs).waitMs).toBe(0);
      }
      expect(through).toBeLessThanOrEqual(own.burst + (own.perSecond * nowMs) / 1_000 + 1e-6);
    }
  });
});
