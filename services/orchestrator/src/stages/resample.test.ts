import { create, ImageFormat, ImageSchema } from '@atelier/contracts';
import { expect, test } from 'vitest';
import { isCascaded, resampled } from './resample.ts';

const grey = (width: number, height: number) =>
  create(ImageSchema, {
    width,
    height,
    format: ImageFormat.RGB8,
    data: new Uint8Array(width * height * 3).fill(90),
  });

test.each([
  [64, 64, 1_024, true],
  [256, 256, 1_024, true],
  [512, 512, 1_024, false],
  [32, 32, 64, false],
  [64, 48, 256, false],
  [1_024, 1_024, 256, false],
  [256, 256, 256, false],
])('%i×%i to %i by networks: %s', (width, height, size, by) => {
  expect(isCascaded({ width, height }, size)).toBe(by);
});

test('larger, smaller and other than square: the longer side is the size, the colours stay', async () => {
  for (const [width, height, size, expected] of [
    [48, 48, 96, [96, 96]],
    [128, 64, 64, [64, 32]],
  ] as const) {
    const picture = await resampled(grey(width, height), size);
    expect([picture.width, picture.height]).toEqual(expected);
    expect(picture.data.every((byte) => byte === 90)).toBe(true);
    expect(picture.data.length).toBe(picture.width * picture.height * 3);
  }
  const same = grey(64, 32);
  expect(await resampled(same, 64)).toBe(same);
});
