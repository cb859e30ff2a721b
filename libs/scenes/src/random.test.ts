import { describe, expect, test } from 'vitest';
import { createRandom } from './random.ts';

const draws = (seed: string | number, count = 5): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.range(0, 1));
};

describe('createRandom', () => {
  test('gives the same stream for a seed, and another for another seed', () => {
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
    expect(draws(1)).not.toEqual(draws(2));
  });

  test('is uniform, also over neighbouring seeds', () => {
    const firsts = Array.from({ length: 4000 }, (_, seed) => draws(`scene/${seed}`, 1)[0] ?? 0);
    for (const values of [firsts, draws('long', 4000)]) {
      const tenths = Array.from(
        { length: 10 },
        (_, i) => values.filter((v) => Math.floor(v * 10) === i).length,
      );
      for (const count of tenths) expect(Math.abs(count - 400)).toBeLessThan(80);
    }
  });

  test('forks are independent of later draws from their parent', () => {
    const parent = createRandom('p');
    const before = parent.fork('x').range(0, 1);
    parent.range(0, 1);
    expect(parent.fork('x').range(0, 1)).toBe(before);
    expect(parent.fork('y').range(0, 1)).not.toBe(before);
  });

  test('int includes both ends', () => {
    const random = createRandom('int');
    expect(new Set(Array.from({ length: 200 }, () => random.int(2, 4)))).toEqual(new Set([2, 3, 4]));
  });

  test('weighted follows the weights and never draws a zero', () => {
    const random = createRandom('weights');
    const drawn = Array.from({ length: 4000 }, () => random.weighted({ a: 3, b: 1, c: 0 }));
    expect(drawn.filter((k) => k === 'a').length / 4000).toBeCloseTo(0.75, 1);
    expect(drawn).not.toContain('c');
  });

  test('sample gives different elements; pick refuses an empty list', () => {
    const random = createRandom('sample');
    expect(new Set(random.sample([1, 2, 3, 4, 5], 5)).size).toBe(5);
    expect(random.sample([1, 2, 3], 2)).toHaveLength(2);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
