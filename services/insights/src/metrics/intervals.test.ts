import { describe, expect, it } from 'vitest';
import { hourlyRate, mean, wilson } from './intervals.ts';

describe('wilson', () => {
  it('is what the formula gives by hand', () => {
    // Newcombe 1998, table I: 81/263 gives 0.2553 to 0.3662.
    const interval = wilson(81n, 263n);
    expect(interval?.low).toBeCloseTo(0.2553, 4);
    expect(interval?.high).toBeCloseTo(0.3662, 4);
  });

  it('says something when nobody or everybody did it, and stays inside 0 to 1', () => {
    // Newcombe 1998: 0/20 gives 0 to 0.1611.
    expect(wilson(0n, 20n)).toMatchObject({ value: 0, low: 0 });
    expect(wilson(0n, 20n)?.high).toBeCloseTo(0.1611, 4);
    expect(wilson(20n, 20n)?.high).toBe(1);
    expect(wilson(0n, 0n)).toBeUndefined();
  });

  it('holds the true share about 95 times of 100', () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    let held = 0;
    for (let run = 0; run < 2_000; run++) {
      let successes = 0n;
      for (let trial = 0; trial < 60; trial++) if (random() < 0.1) successes += 1n;
      const interval = wilson(successes, 60n);
      if (interval && interval.low <= 0.1 && interval.high >= 0.1) held += 1;
    }
    expect(held / 2_000).toBeGreaterThan(0.92);
    expect(held / 2_000).toBeLessThan(0.98);
  });
});

describe('mean', () => {
  it('has 1.96 standard errors either side', () => {
    // 2, 4, 6: variance 4, standard error 2/√3.
    const interval = mean({ count: 3n, sum: 12n, squares: 56n }, 1);
    expect(interval?.value).toBe(4);
    expect(interval?.high).toBeCloseTo(4 + 1.959964 * (2 / Math.sqrt(3)), 5);
  });

  it('keeps its digits where squares are far larger than their differences', () => {
    const values = [10n ** 15n, 10n ** 15n + 2n, 10n ** 15n + 4n];
    const sums = {
      count: 3n,
      sum: values.reduce((sum, value) => sum + value, 0n),
      squares: values.reduce((sum, value) => sum + value * value, 0n),
    };
    const interval = mean(sums, 1);
    expect((interval?.high ?? 0) - (interval?.value ?? 0)).toBeCloseTo(1.959964 * (2 / Math.sqrt(3)), 0);
  });

  it('of one observation has no width, of none is none', () => {
    expect(mean({ count: 1n, sum: 7n, squares: 49n }, 1)).toMatchObject({ value: 7, low: 7, high: 7 });
    expect(mean({ count: 0n, sum: 0n, squares: 0n }, 1)).toBeUndefined();
  });
});

it('a rate is a count over time', () => {
  expect(hourlyRate(100n, 1_800)).toMatchObject({ value: 200, count: 100n });
  expect(hourlyRate(100n, 0)).toBeUndefined();
});
