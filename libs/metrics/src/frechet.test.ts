import { expect, test } from 'vitest';
import { frechetDistance } from './frechet.ts';

const cloud = (spread: number, shift: number) =>
  [-1, 1].flatMap((x) => [-1, 1].map((y) => Float32Array.of(x * spread + shift, y)));

test('a set is at no distance from itself', () => {
  expect(frechetDistance(cloud(1, 0), cloud(1, 0))).toBeCloseTo(0, 6);
});

test('a shifted and widened set is at the distance the formula gives by hand', () => {
  // Axes are uncorrelated, so it is (Δμ)² + (σ₁−σ₂)², with σ² = 4 s² / 3 from four points at ±s.
  const sigma = Math.sqrt(4 / 3);
  expect(frechetDistance(cloud(1, 0), cloud(3, 2))).toBeCloseTo(4 + (3 * sigma - sigma) ** 2, 4);
});
