/** The short way of decoding gives what libvips gives, or nothing. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { pictureSet } from '../../run.fixture.ts';
import { averaged } from '../resample.ts';
import { decodeJpeg, type ReducedJpeg } from './decode.ts';

const MAX_PIXELS = 64_000_000;
const quarter = (bytes: Buffer): ReducedJpeg | null => decodeJpeg(bytes, () => 4, MAX_PIXELS);

/** Mean difference, 0..255, to what libvips makes of the whole file, seen as 8 × 8 areas: how finest detail is thinned out is anybody's. */
async function differenceFromVips(bytes: Buffer, { raster }: ReducedJpeg): Promise<number> {
  const vips = await sharp(bytes, { failOn: 'error' })
    .autoOrient()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const theirs = averaged({ rgb: vips.data, width: vips.info.width, height: vips.info.height }, 8).rgb;
  const ours = averaged(raster, 8).rgb;
  return ours.reduce((sum, value, i) => sum + Math.abs(value - (theirs[i] as number)), 0) / ours.length;
}

/** Large soft shapes in strong colours: sizes down to a quarter look the same whoever makes them. */
const drawing = (): Sharp =>
  sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="303"><rect width="400" height="303" fill="#20c020"/><circle cx="110" cy="90" r="80" fill="#e02020"/><rect x="240" y="150" width="120" height="120" fill="#2030e0"/></svg>',
    ),
  )
    .removeAlpha()
    .blur(3);

describe('what it decodes is what libvips decodes', () => {
  test.each([
    ['4:2:0', drawing().jpeg({ quality: 90 })],
    ['4:4:4', drawing().jpeg({ quality: 90, chromaSubsampling: '4:4:4' })],
    ['progressive', drawing().jpeg({ quality: 90, progressive: true })],
    ['grey', drawing().greyscale().jpeg({ quality: 90 })],
    ['with a profile of wider colours', drawing().withIccProfile('p3').jpeg({ quality: 90 })],
    ['with the profile of sRGB', drawing().withIccProfile('srgb').jpeg({ quality: 90 })],
  ])('%s', async (_, pipeline) => {
    const bytes = await pipeline.toBuffer();
    const decoded = quarter(bytes) as ReducedJpeg;
    expect(decoded).toMatchObject({ width: 400, height: 303, raster: { width: 100, height: 76 } });
    expect(await differenceFromVips(bytes, decoded)).toBeLessThan(2);
  });

  test.each([2, 3, 4, 5, 6, 7, 8])('turned by orientation %d', async (orientation) => {
    const bytes = await drawing().withMetadata({ orientation }).jpeg({ quality: 90 }).toBuffer();
    const decoded = quarter(bytes) as ReducedJpeg;
    expect([decoded.width, decoded.height]).toEqual(orientation < 5 ? [400, 303] : [303, 400]);
    expect(await differenceFromVips(bytes, decoded)).toBeLessThan(2);
  });

  const coco = pictureSet('coco256');
  test.skipIf(!coco)(
    '187 photographs, 89 of them with profiles of six sorts',
    { timeout: 120_000 },
    async () => {
      const names = (await readdir(coco as string)).filter((name) => name.endsWith('.jpg'));
      const differences: number[] = [];
      for (const name of names) {
        const bytes = await readFile(join(coco as string, name));
        const decoded = quarter(bytes);
        if (decoded) differences.push(await differenceFromVips(bytes, decoded));
      }
      expect(differences.length).toBeGreaterThan(0.95 * names.length);
      expect(Math.max(...differences)).toBeLessThan(2);
    },
  );
});

describe('what it leaves to libvips', () => {
  test('damaged data, though a header is there', async () => {
    const bytes = await drawing().jpeg().toBuffer();
    expect(quarter(bytes.subarray(0, bytes.length / 2))).toBeNull();
    expect(quarter(Buffer.concat([bytes.subarray(0, -400), Buffer.alloc(400, 0x55)]))).toBeNull();
    for (let length = 0; length < 700; length += 3) expect(quarter(bytes.subarray(0, length))).toBeNull();
  });

  test('inks, other formats, and more pixels than allowed', async () => {
    expect(quarter(await drawing().toColourspace('cmyk').jpeg().toBuffer())).toBeNull();
    expect(quarter(await drawing().png().toBuffer())).toBeNull();
    expect(decodeJpeg(await drawing().jpeg().toBuffer(), () => 4, 1_000)).toBeNull();
  });
});
