import { create, ImageFormat, ImageSchema } from '@atelier/contracts';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodePng } from './png.ts';

const image = create(ImageSchema, {
  width: 3,
  height: 2,
  format: ImageFormat.RGB8,
  data: new Uint8Array(18).map((_, index) => index * 14),
});

describe('encodePng', () => {
  test('keeps every pixel and is read by a PNG reader, text included', async () => {
    const png = await encodePng(image, { Prompt: 'Ein Boot, 海, 🚤', Seed: '7', 'Negative prompt': '' });
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([3, 2, 3]);
    expect([...data]).toEqual([...image.data]);
    const { comments } = await sharp(png).metadata();
    expect(comments).toEqual([
      { keyword: 'Prompt', text: 'Ein Boot, 海, 🚤' },
      { keyword: 'Seed', text: '7' },
    ]);
  });

  test('gives the same bytes for the same picture, others for another seed', async () => {
    const [first, again, other] = await Promise.all([
      encodePng(image, { Seed: '7' }),
      encodePng(image, { Seed: '7' }),
      encodePng(image, { Seed: '8' }),
    ]);
    expect(Buffer.compare(first, again)).toBe(0);
    expect(Buffer.compare(first, other)).not.toBe(0);
  });

  test('refuses an image whose size disagrees with its data', async () => {
    const wrong = create(ImageSchema, { ...image, height: 3 });
    await expect(encodePng(wrong, {})).rejects.toThrow('3 × 3 RGB8');
  });
});
