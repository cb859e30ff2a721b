/** Small pictures in other sizes, and as files that others read. */
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodePng } from './png.ts';
import type { Raster } from './raster.ts';
import { covered, squeezed } from './resample.ts';

/** A diagonal ramp with a step in it. */
function ramp(width: number, height: number): Raster {
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return i % 3 === 2 && x > width / 2 ? 220 : (60 * x) / width + (100 * y) / height + 20 * (i % 3);
  });
  return { width, height, rgb };
}

const meanDifference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;

test.each([
  [160, 120, 64, 64],
  [120, 180, 64, 64],
  [70, 64, 64, 64],
  [40, 30, 64, 64],
  [300, 150, 72, 56],
])('%d×%d covers %d×%d as libvips has it', async (width, height, toWidth, toHeight) => {
  const source = ramp(width, height);
  const vips = await sharp(source.rgb, { raw: { width, height, channels: 3 } })
    .resize(toWidth, toHeight, { fit: 'cover' })
    .raw()
    .toBuffer();
  const ours = covered(source, toWidth, toHeight);
  expect(ours.rgb).toHaveLength(vips.length);
  // libvips cuts whole pixels, and enlarges with a cubic.
  expect(meanDifference(ours.rgb, vips)).toBeLessThan(2.5);
});

test('a plain picture stays that, and the same size is the same picture', () => {
  const plain = { width: 50, height: 41, rgb: new Uint8Array(3 * 50 * 41).fill(255) };
  expect(squeezed(plain, 17, 23).rgb.every((value) => value === 255)).toBe(true);
  expect(squeezed(plain, 50, 41)).toBe(plain);
});

test('a PNG holds the pixels', async () => {
  const source = ramp(33, 20);
  const { data, info } = await sharp(encodePng(source)).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([33, 20, 3]);
  expect(new Uint8Array(data)).toEqual(source.rgb);
});
