import { expect, test } from 'vitest';
import { krippendorffAlpha, nominal } from './agreement.ts';
import { rPrecision } from './alignment.ts';
import { distanceFrom, sharesOf, totalVariation } from './distribution.ts';
import { inceptionScore } from './inception-score.ts';
import { vendiScore } from './vendi-score.ts';

const oneHot = (count: number, k: number) =>
  Float64Array.from({ length: count }, (_, i) => (i === k ? 1 : 0));
const [east, north, west] = [Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(-1, 0)];

test('the inception score is the number of classes when all are sure, and 1 when all are alike', () => {
  expect(inceptionScore([0, 1, 2, 3].map((k) => oneHot(4, k))).mean).toBeCloseTo(4);
  expect(inceptionScore([0, 0, 0].map((k) => oneHot(4, k))).mean).toBeCloseTo(1);
  expect(() => inceptionScore([oneHot(2, 0)], 2)).toThrow(RangeError);
});

test('diversity counts equal pictures once and unlike ones each', () => {
  expect(vendiScore([east, east, east])).toBeCloseTo(1);
  expect(vendiScore([east, north])).toBeCloseTo(2);
});

test('a picture is told from its rivals, not from its own caption given twice', () => {
  expect(rPrecision([east, north], [east, north])).toEqual([1, 1]);
  expect(rPrecision([west, north], [east, north])).toEqual([0, 1]);
  expect(rPrecision([east, east], [east, east])).toEqual([1, 1]);
});

test('total variation is half the absolute differences, and its interval covers the drawn share', () => {
  expect(totalVariation({ a: 0.5, b: 0.5 }, { a: 0.5, c: 0.5 })).toBeCloseTo(0.5);
  expect(sharesOf(['a', 'b', 'a', 'a'])).toEqual({ a: 0.75, b: 0.25 });
  const groups = Array.from({ length: 40 }, (_, i) => (i < 30 ? ['a', 'b'] : ['a', 'a']));
  const distance = distanceFrom({ a: 0.5, b: 0.5 }, groups);
  expect(distance.value).toBeCloseTo(0.125);
  expect(distance.low).toBeGreaterThan(0);
  expect(distance.high).toBeLessThan(0.25);
});

test('agreement is 1 for equal ratings, near 0 for unrelated ones, below for opposed ones', () => {
  expect(
    krippendorffAlpha(
      [
        [1, 1],
        [2, 2],
        [1, 1],
      ],
      nominal,
    ),
  ).toBe(1);
  expect(
    krippendorffAlpha(
      [
        [1, 2],
        [2, 1],
        [1, 2],
      ],
      nominal,
    ),
  ).toBeLessThan(0);
  expect(krippendorffAlpha([[1], [2]], nominal)).toBeNaN();
  expect(
    krippendorffAlpha(
      [
        [1, 1],
        [1, 1],
      ],
      nominal,
    ),
  ).toBeNaN();
});
