import { composeScene, createRandom, renderRgb } from '@atelier/scenes';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { writeWatermarkAside } from './aside.ts';
import { CODE_BITS, codeBits, messageOf } from './code.ts';
import { dct, inverseDct } from './dct.ts';
import type { Rgb } from './plane.ts';
import { readSoftBits, readWatermark, writeWatermark } from './watermark.ts';

const scene = async (seed: number, side: number): Promise<Rgb> => ({
  width: side,
  height: side,
  data: await renderRgb(composeScene(seed), side),
});

const open = (picture: Rgb) =>
  sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 3 } });

async function decoded(image: Sharp): Promise<Rgb> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

test('the code corrects a bit in each word, and objects to noise', () => {
  const bits = codeBits(0xa7123456);
  expect(bits).toHaveLength(CODE_BITS);
  const hurt = bits.map((bit, i) => (i % 8 === i / 8 ? -bit : bit));
  expect(messageOf(hurt)).toBe(0xa7123456);
  const random = createRandom('noise');
  const noise = () => Array.from({ length: CODE_BITS }, () => random.range(-1, 1));
  expect(Array.from({ length: 200 }, () => messageOf(noise())).filter((one) => one !== undefined)).toEqual(
    [],
  );
});

test('the transform is orthonormal and undoes itself', () => {
  const random = createRandom('plane');
  const plane = Float64Array.from({ length: 64 }, () => random.range(0, 255));
  const coefficients = dct(plane, 8);
  const energy = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  expect(energy(coefficients)).toBeCloseTo(energy(plane), 6);
  for (const [i, value] of inverseDct(coefficients, 8).entries())
    expect(value).toBeCloseTo(plane[i] as number, 9);
});

test.each([
  [1024, ['none', 'jpeg', 'half', 'both']],
  [256, ['none', 'jpeg', 'half']],
] as const)('a mark in %i pixels outlives %j', async (side, survived) => {
  const picture = await scene(11, side);
  const marked = writeWatermark(picture, 0x00c0de);
  const half = Math.round(side / 2);
  const attacks = {
    none: marked,
    jpeg: await decoded(sharp(await open(marked).jpeg({ quality: 75 }).toBuffer())),
    half: await decoded(sharp(await open(marked).resize(half, half).png().toBuffer())),
    both: await decoded(sharp(await open(marked).resize(half, half).jpeg({ quality: 75 }).toBuffer())),
  };
  for (const name of survived) expect(readWatermark(attacks[name]), name).toEqual({ payload: 0x00c0de });
  expect(readWatermark(picture)).toBeUndefined();
});

test('a base picture of 64 pixels carries one too', async () => {
  expect(readWatermark(writeWatermark(await scene(3, 64), 77))).toEqual({ payload: 77 });
});

test('it is the same each time, hardly differs, and leaves the original alone', async () => {
  const rendered = await scene(5, 256);
  const before = Uint8Array.from(rendered.data);
  const picture = { ...rendered, data: Uint8Array.from(before) };
  const marked = writeWatermark(picture, 1);
  expect(writeWatermark(picture, 1).data).toEqual(marked.data);
  expect(picture.data).toEqual(before);
  const error = marked.data.reduce((sum, value, i) => sum + (value - (before[i] as number)) ** 2, 0);
  expect(10 * Math.log10(255 ** 2 / (error / before.length))).toBeGreaterThan(40);
});

test('white and black take it as well', () => {
  for (const level of [0, 255]) {
    const flat = { width: 256, height: 256, data: new Uint8Array(256 * 256 * 3).fill(level) };
    expect(readWatermark(writeWatermark(flat, 9)), `${level}`).toEqual({ payload: 9 });
    expect(readSoftBits(flat).length).toBe(CODE_BITS);
  }
});

test('a thread of its own writes the same, and its errors come back', async () => {
  const picture = await scene(5, 64);
  const copy = () => ({ ...picture, data: new Uint8Array(picture.data) });
  const [first, second] = await Promise.all([3, 4].map((payload) => writeWatermarkAside(copy(), payload)));
  expect(first?.data).toEqual(writeWatermark(picture, 3).data);
  expect(readWatermark(second as Rgb)).toEqual({ payload: 4 });
  await expect(writeWatermarkAside(copy(), -1)).rejects.toThrow(RangeError);
});

test('a picture moves to the thread, but not what else lies in its buffer', async () => {
  const { data, ...size } = await scene(6, 64);
  const alone = new Uint8Array(data);
  await writeWatermarkAside({ ...size, data: alone }, 5);
  expect(alone.byteLength).toBe(0);
  const shared = new Uint8Array(2 * data.length + 8_192);
  shared.set(data, 4_096);
  await writeWatermarkAside({ ...size, data: shared.subarray(4_096, 4_096 + data.length) }, 5);
  expect(shared.subarray(4_096, 4_096 + data.length)).toEqual(new Uint8Array(data));
});

test('a payload that does not fit is refused', () => {
  const flat = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };
  for (const payload of [-1, 0.5, 2 ** 24]) expect(() => writeWatermark(flat, payload)).toThrow(RangeError);
});
