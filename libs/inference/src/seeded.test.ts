import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SeededNoise } from './seeded.ts';

interface Golden {
  cases: { seed: string; calls: number[][] }[];
  big: { seed: string; size: number; last: number; sum: number };
}
const golden = JSON.parse(
  readFileSync(new URL('../fixtures/noise-golden.json', import.meta.url), 'utf8'),
) as Golden;

test.each(golden.cases)('equals torch.randn call by call for seed $seed', ({ seed, calls }) => {
  const noise = new SeededNoise(BigInt(seed));
  for (const call of calls) {
    const ours = noise.normal(call.length);
    for (const [i, value] of call.entries())
      expect(Math.abs((ours[i] ?? Number.NaN) - value)).toBeLessThan(2e-6);
  }
});

test('equals torch.randn at the size of a picture', () => {
  const { seed, size, last, sum } = golden.big;
  const ours = new SeededNoise(BigInt(seed)).normal(size);
  expect(Math.abs((ours.at(-1) ?? Number.NaN) - last)).toBeLessThan(2e-6);
  expect(Math.abs(ours.reduce((a, b) => a + b, 0) - sum)).toBeLessThan(2e-3);
});

test('the same seed gives the same bytes, another seed others', () => {
  const bytes = (seed: number) => Buffer.from(new SeededNoise(seed).normal(64).buffer);
  expect(bytes(1)).toEqual(bytes(1));
  expect(bytes(1)).not.toEqual(bytes(2));
});
