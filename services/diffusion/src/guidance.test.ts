import { expect, test } from 'vitest';
import { guide } from './guidance.ts';

test.each([
  [1, [3, 5]],
  [0, [1, 2]],
  [2.5, [6, 9.5]],
])('scale %s weighs the prompt against the negative', (scale, expected) => {
  const out = new Float32Array(2);
  guide(Float32Array.of(1, 2, 3, 5), scale, out);
  expect([...out]).toEqual(expected);
});
