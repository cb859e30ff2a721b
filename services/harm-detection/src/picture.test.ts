import { create, type Image, ImageFormat, ImageSchema, type MessageInitShape } from '@atelier/contracts';
import { Code } from '@atelier/rpc';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from './picture.ts';

const grey = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#808080' } });
const image = (fields: MessageInitShape<typeof ImageSchema>): Image =>
  create(ImageSchema, { width: 64, height: 64, format: ImageFormat.PNG, ...fields });
const png = await grey(64, 64).png().toBuffer();
const jpeg = await grey(64, 64).jpeg().toBuffer();
const webp = await grey(64, 64).webp({ lossless: true }).toBuffer();
const grey16 = await grey(64, 64).toColourspace('grey16').png().toBuffer();
const cmyk = await grey(64, 64).toColourspace('cmyk').jpeg().toBuffer();
const damaged = await sharp(Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 7919) % 256)), {
  raw: { width: 64, height: 64, channels: 3 },
})
  .png()
  .toBuffer();
const bomb = await grey(6_000, 6_000).png({ compressionLevel: 9 }).toBuffer();

describe('decodePicture', () => {
  it('takes raw pixels as they are', async () => {
    const data = new Uint8Array(64 * 64 * 3).fill(9);
    const picture = await decodePicture(image({ format: ImageFormat.RGB8, data }));
    expect(picture).toMatchObject({ width: 64, height: 64 });
    expect(picture.rgb).toEqual(data);
  });

  it.each([
    ['PNG', ImageFormat.PNG, png],
    ['JPEG', ImageFormat.JPEG, jpeg],
    ['WebP', ImageFormat.WEBP, webp],
    ['grey PNG of 16 bits', ImageFormat.PNG, grey16],
    ['CMYK JPEG', ImageFormat.JPEG, cmyk],
  ])('decodes %s to three bytes a pixel', async (_, format, data) => {
    const { rgb } = await decodePicture(image({ format, data }));
    expect(rgb.length).toBe(64 * 64 * 3);
    for (const value of rgb) expect(Math.abs(value - 128)).toBeLessThan(20);
  });

  it('shows transparent parts on white', async () => {
    const clear = { width: 64, height: 64, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } as const;
    const { rgb } = await decodePicture(image({ data: await sharp({ create: clear }).png().toBuffer() }));
    expect(rgb.every((value) => value === 255)).toBe(true);
  });

  it.each([
    ['no picture', undefined, 'image'],
    ['no bytes', image({ data: new Uint8Array() }), 'image.data'],
    ['a picture too small', image({ width: 8, data: png }), 'image.width'],
    ['a picture too large', image({ height: 5_000, data: png }), 'image.height'],
    [
      'raw pixels of another size',
      image({ format: ImageFormat.RGB8, data: new Uint8Array(64 * 63 * 3) }),
      'image.data',
    ],
    ['a PNG of another size', image({ width: 65, data: png }), 'image.data'],
    ['a PNG called JPEG', image({ format: ImageFormat.JPEG, data: png }), 'image.data'],
    ['no format', image({ format: ImageFormat.UNSPECIFIED, data: png }), 'image.format'],
    ['an unknown format', image({ format: 77 as ImageFormat, data: png }), 'image.format'],
    ['noise', image({ data: new Uint8Array(5_000).fill(77) }), 'image.data'],
    ['a truncated PNG', image({ data: damaged.subarray(0, damaged.length >> 1) }), 'image.data'],
    ['a bomb that says what it is', image({ width: 4_096, height: 4_096, data: bomb }), 'image.data'],
    [
      'SVG',
      image({ data: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>') }),
      'image.data',
    ],
  ])('refuses %s', async (_, bad, field) => {
    await expect(decodePicture(bad)).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: [expect.objectContaining({ field })],
    });
  });
});
