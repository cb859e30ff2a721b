import { CreateGenerationRequestSchema, create, ImageFormat } from '@atelier/contracts';
import { Code } from '@atelier/rpc';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { readInput, readInputPictures } from './input-pictures.ts';

const flat = (width: number, height: number, background = '#ff0000'): Sharp =>
  sharp({ create: { width, height, channels: 3, background } });
const request = (initImage: Uint8Array, mask: Uint8Array = new Uint8Array()) =>
  create(CreateGenerationRequestSchema, { prompt: 'a boat', options: { initImage, mask } });
const read = async (initImage: Uint8Array, mask?: Uint8Array) =>
  await readInputPictures(request(initImage, mask));
/** What a worker gets of a stored picture. */
const pixels = async (png: Uint8Array) => {
  const store = { get: async () => png } as unknown as Parameters<typeof readInput>[0];
  return await readInput(store, '');
};

const small = await flat(64, 48).png().toBuffer();
const noise = await sharp(Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 7919) % 256)), {
  raw: { width: 64, height: 64, channels: 3 },
})
  .png()
  .toBuffer();

describe('a picture to begin from', () => {
  test('is nothing where the request has none', async () => {
    expect(await readInputPictures(create(CreateGenerationRequestSchema, {}))).toEqual({});
    expect(await read(new Uint8Array())).toEqual({});
  });

  test.each([
    ['PNG', flat(64, 48).png()],
    ['JPEG', flat(64, 48).jpeg()],
    ['WebP', flat(64, 48).webp()],
    ['PNG of 16 bits', flat(64, 48).toColourspace('rgb16').png()],
  ])('may be a %s, and is read as it was sent', async (_, file) => {
    const { initImage } = await read(await file.toBuffer());
    const image = await pixels(initImage?.png ?? new Uint8Array());
    expect(image).toMatchObject({ width: 64, height: 48, format: ImageFormat.RGB8 });
    expect(image.data.length).toBe(64 * 48 * 3);
    expect(image.data[0]).toBeGreaterThan(250);
    expect(image.data[1]).toBeLessThan(5);
  });

  test('is turned as it is shown, freed of what cameras write, and made no larger than models draw', async () => {
    const turned = await flat(1_600, 1_200)
      .withExif({ IFD0: { Artist: 'someone' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { initImage } = await read(turned);
    expect(initImage).toMatchObject({ width: 1_200, height: 1_600 });
    const { width, height, exif } = await sharp(initImage?.png).metadata();
    expect({ width, height, exif }).toEqual({ width: 768, height: 1_024, exif: undefined });
  });

  test('has white where it is transparent, its mask black', async () => {
    const clear = { width: 64, height: 48, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } as const;
    const file = await sharp({ create: clear }).png().toBuffer();
    const { initImage, mask } = await read(file, file);
    expect((await pixels(initImage?.png ?? new Uint8Array())).data[0]).toBe(255);
    expect((await pixels(mask?.png ?? new Uint8Array())).data[0]).toBe(0);
  });

  test.each<[string, RegExp, () => Promise<Uint8Array>]>([
    ['noise', /PNG, JPEG or WebP/, async () => new Uint8Array(500).fill(7)],
    [
      'SVG',
      /PNG, JPEG or WebP/,
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>'),
    ],
    ['a GIF', /PNG, JPEG or WebP/, async () => await flat(64, 64).gif().toBuffer()],
    ['half a PNG', /damaged/, async () => noise.subarray(0, noise.length >> 1)],
    ['too many bytes', /4194304 bytes/, async () => new Uint8Array(4_194_305)],
    ['a small one', /16 to 4096/, async () => await flat(64, 15).png().toBuffer()],
    ['a long one', /16 to 4096/, async () => await flat(4_097, 64).png().toBuffer()],
    ['a strip', /8 times/, async () => await flat(1_000, 100).png().toBuffer()],
    [
      'too many pixels',
      /4194304 pixels/,
      async () => await flat(2_049, 2_048).png({ compressionLevel: 9 }).toBuffer(),
    ],
  ])('is refused when it is %s', async (_, limit, file) => {
    await expect(read(await file())).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: [{ field: 'options.init_image', description: expect.stringMatching(limit) }],
    });
    await expect(read(small, await file())).rejects.toMatchObject({
      violations: [{ field: 'options.mask' }],
    });
  });

  test('has a mask of its own size or none', async () => {
    await expect(read(small, noise)).rejects.toMatchObject({
      violations: [{ field: 'options.mask', description: 'must be 64×48 pixels as init_image, not 64×64' }],
    });
  });
});
