import { expect, test } from 'vitest';
import { growthOf, type Sample } from './growth.ts';

const hour = (sample: (minutes: number) => Omit<Sample, 'minutes'>): Sample[] =>
  Array.from({ length: 60 }, (_, minutes) => ({ minutes, ...sample(minutes) }));

test('a leak of memory and of handles shows after the warm-up', () => {
  const leak = hour((m) => ({ rssMb: 100 + 2 * m, handles: 30 + Math.floor(m / 5) }));
  expect(growthOf(leak, 10)).toEqual({ rssMb: 169, rssMbPerMinute: 2, handles: [32, 39] });
});

test('what grows while it warms up, and what comes and goes with the load, is no leak', () => {
  const calm = hour((m) => ({ rssMb: m < 10 ? 50 + m : 80 + (m % 2), handles: 30 + (m % 7) }));
  const { rssMbPerMinute, handles } = growthOf(calm, 10);
  expect(Math.abs(rssMbPerMinute)).toBeLessThan(0.01);
  expect(handles).toEqual([30, 30]);
});

test('three samples say nothing', () => {
  expect(() =>
    growthOf(
      hour(() => ({ rssMb: 1, handles: 1 })),
      57,
    ),
  ).toThrow(RangeError);
});
