import { setTimeout as sleep } from 'node:timers/promises';
import { ImageFormat } from '@atelier/contracts';
import { Code, healthChecker } from '@atelier/rpc';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { fromPlanes } from './picture.ts';
import { loadTinyUpscaler, pattern, serve } from './service.fixture.ts';

const upscaler = await loadTinyUpscaler();
const mesh = await serve(upscaler);
afterAll(() => mesh.stop());

/** What the tiny networks give: each pixel repeated. */
function repeated(data: Uint8Array, side: number, times: number): Buffer {
  const large = Buffer.alloc(data.length * times * times);
  for (let y = 0; y < side * times; y++) {
    for (let x = 0; x < side * times; x++) {
      const from = (Math.floor(y / times) * side + Math.floor(x / times)) * 3;
      large.set(data.subarray(from, from + 3), (y * side * times + x) * 3);
    }
  }
  return large;
}

test.each([
  [64, 256, ['tiny/super_resolution_256']],
  [64, undefined, ['tiny/super_resolution_256', 'tiny/super_resolution_1024']],
  [256, 1024, ['tiny/super_resolution_1024']],
])('enlarges %i to %s through the right networks', async (side, targetSize, networks) => {
  const image = pattern(side);
  const answer = await mesh.client.upscaleImage({ image, ...(targetSize && { targetSize }) });
  const target = targetSize ?? 1024;
  expect(answer.image).toMatchObject({ width: target, height: target, format: ImageFormat.RGB8 });
  expect(answer.modelVersions.map(({ name }) => name)).toEqual(networks);
  expect(repeated(image.data, side, target / side).equals(answer.image?.data ?? new Uint8Array())).toBe(true);
});

test('reads and writes PNG', async () => {
  const raw = { width: 64, height: 64, channels: 3 } as const;
  const { data } = pattern(64);
  const file = await sharp(data, { raw }).png().toBuffer();
  const answer = await mesh.client.upscaleImage({
    image: { width: 64, height: 64, format: ImageFormat.PNG, data: file },
    format: ImageFormat.PNG,
    targetSize: 256,
  });
  const png = sharp(answer.image?.data);
  expect(await png.metadata()).toMatchObject({ format: 'png', width: 256, height: 256, channels: 3 });
  expect((await png.raw().toBuffer()).equals(repeated(data, 64, 4))).toBe(true);
});

const image = pattern(64);
test.each([
  ['no image', {}, 'image', 'required'],
  ['a size it cannot start from', { image: pattern(65) }, 'image', '64×64 or 256×256'],
  ['a picture that is not square', { image: { ...image, height: 32 } }, 'image', 'not 64×32'],
  [
    'too few bytes',
    { image: { ...image, data: image.data.subarray(1) } },
    'image.data',
    '12288 bytes, not 12287',
  ],
  ['no format', { image: { ...image, format: ImageFormat.UNSPECIFIED } }, 'image.format', 'RGB8'],
  ['a broken file', { image: { ...image, format: ImageFormat.PNG } }, 'image.data', 'no readable picture'],
  [
    'a size it cannot reach',
    { image, targetSize: 512 },
    'target_size',
    'possible: 64 to 256 or 1024, 256 to 1024',
  ],
  ['a size that is smaller', { image: pattern(256), targetSize: 64 }, 'target_size', 'from 256 to 64'],
  ['a format it does not write', { image, format: ImageFormat.JPEG }, 'format', 'RGB8 or PNG'],
])('refuses %s by field', async (_what, bad, field, words) => {
  await expect(mesh.client.upscaleImage(bad)).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    violations: [{ field, description: expect.stringContaining(words) }],
  });
});

test('a file whose size is not the one stated is refused', async () => {
  const raw = { width: 32, height: 32, channels: 3 } as const;
  const small = await sharp(pattern(32).data, { raw }).png().toBuffer();
  await expect(
    mesh.client.upscaleImage({ image: { ...image, format: ImageFormat.PNG, data: small } }),
  ).rejects.toMatchObject({ violations: [{ field: 'image.width' }] });
});

test('enlarging delays the health check by less than 50 ms', async () => {
  const health = healthChecker(mesh.address);
  const timesWhile = async (going: () => boolean): Promise<number[]> => {
    const times: number[] = [];
    while (going() && times.length < 100) {
      const started = performance.now();
      expect(await health.check()).toBe('SERVING');
      times.push(performance.now() - started);
      await sleep(2);
    }
    return times.toSorted((a, b) => a - b);
  };
  let checks = 0;
  const idle = await timesWhile(() => checks++ < 15);
  let done = false;
  const finished = (async () => {
    for (let i = 0; i < 4; i++) await mesh.client.upscaleImage({ image, format: ImageFormat.PNG });
    done = true;
  })();
  const busy = await timesWhile(() => !done);
  await finished;
  health.close();
  expect(busy.length).toBeGreaterThan(3);
  // Medians, and against this machine's idle time: it may have other work. `npm run bench -- responsiveness` has the P99.
  const median = (times: number[]) => times[Math.floor(times.length / 2)] as number;
  expect(median(busy) - median(idle)).toBeLessThan(50);
});

test('a full queue refuses with the time to come back; a cancelled picture leaves it', async () => {
  const narrow = await loadTinyUpscaler({ maxQueued: 1 });
  const served = await serve(narrow);
  const calls = Array.from({ length: 8 }, () => served.client.upscaleImage({ image, targetSize: 256 }));
  const settled = await Promise.allSettled(calls);
  const refused = settled.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
  expect(settled.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect(refused.length).toBeGreaterThan(0);
  for (const error of refused) {
    expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, retryAfterMs: expect.any(Number) });
  }
  const cancel = new AbortController();
  const cancelled = served.client.upscaleImage({ image }, { signal: cancel.signal });
  cancel.abort();
  await expect(cancelled).rejects.toMatchObject({ code: Code.CANCELLED });
  await expect(served.client.upscaleImage({ image, targetSize: 256 })).resolves.toBeDefined();
  await served.stop();
});

test('NaN in the answer is an error, values outside [0, 1] are clamped', async () => {
  const planes = new Float32Array(3).fill(-1);
  planes[1] = 2;
  expect([...(await fromPlanes(planes, 1)).rgb]).toEqual([0, 255, 0]);
  planes[2] = Number.NaN;
  await expect(fromPlanes(planes, 1)).rejects.toMatchObject({ reason: 'NON_FINITE_OUTPUT' });
});
