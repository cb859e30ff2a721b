import { expect, test } from 'vitest';
import { guide, isGuidedAt } from './guidance.ts';

test.each([
  [1, [3, 5]],
  [0, [1, 2]],
  [2.5, [6, 9.5]],
])('scale %s weighs the prompt against the negative', (scale, expected) => {
  const out = new Float32Array(2);
  guide(Float32Array.of(1, 2, 3, 5), scale, out);
  expect([...out]).toEqual(expected);
});

test.each([
  [0, [6, 9.5]],
  // The guided answer deviates by 1.75, the prompt's by 1.
  [1, [6 / 1.75, 9.5 / 1.75]],
  [0.5, [(6 + 6 / 1.75) / 2, (9.5 + 9.5 / 1.75) / 2]],
])('rescale %s brings the deviation back to the prompt’s', (rescale, expected) => {
  const out = new Float32Array(2);
  guide(Float32Array.of(1, 2, 3, 5), 2.5, out, rescale);
  for (const [i, value] of expected.entries()) expect(out[i]).toBeCloseTo(value, 5);
});

test('a flat answer is left as it is', () => {
  const out = new Float32Array(2);
  guide(Float32Array.of(1, 1, 1, 1), 2, out, 1);
  expect([...out]).toEqual([1, 1]);
});

test.each([
  [undefined, 5, true],
  [{ low: 1, high: 5 }, 5, true],
  [{ low: 1, high: 5 }, 5.1, false],
  [{ low: 1, high: 5 }, 1, false],
  [{ low: 0, high: Number.POSITIVE_INFINITY }, Number.POSITIVE_INFINITY, true],
])('within %j at σ %s: %s', (interval, sigma, guided) => {
  expect(isGuidedAt(sigma, interval)).toBe(guided);
});
