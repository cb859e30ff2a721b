import { expect, test } from 'vitest';
import { bucketOf, nearestBucket, SQUARE, sidesOf } from './aspect.ts';

const buckets = ['1:1', '4:3', '3:4', '16:9'].map(bucketOf);

test('a picture goes to the bucket of the nearest shape', () => {
  expect(nearestBucket(640, 480, buckets).name).toBe('4:3');
  expect(nearestBucket(480, 640, buckets).name).toBe('3:4');
  expect(nearestBucket(1000, 990, buckets).name).toBe('1:1');
  expect(nearestBucket(3000, 300, buckets).name).toBe('16:9');
});

test('buckets have about the area of the square, and sides that denoisers take', () => {
  expect(sidesOf(SQUARE, 64)).toEqual([64, 64]);
  expect(sidesOf(bucketOf('4:3'), 512)).toEqual([592, 440]);
  expect(sidesOf(bucketOf('3:4'), 64)).toEqual([56, 72]);
});

test('what is no ratio is refused', () => {
  for (const name of ['4', '0:1', 'a:b', '9:1']) expect(() => bucketOf(name)).toThrow(RangeError);
});
