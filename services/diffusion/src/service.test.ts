import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type GenerateImageResponse, ImageFormat, Sampler } from '@atelier/contracts';
import { Code, healthChecker } from '@atelier/rpc';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collect, embedding, loadTinyDenoiser, type Request, request, serve } from './service.fixture.ts';

let mesh: Awaited<ReturnType<typeof serve>>;
beforeEach(async () => {
  mesh = await serve(await loadTinyDenoiser());
});
afterEach(() => mesh.stop());

async function draw(of: Request): Promise<GenerateImageResponse[]> {
  return await collect(mesh.client.generateImage(of));
}
async function picture(of: Request): Promise<Buffer> {
  const last = (await draw(of)).at(-1)?.event;
  if (last?.case !== 'image') throw new Error('no image at the end');
  return Buffer.from(last.value.image?.data ?? []);
}

test('streams each step, previews when asked, and the image at the end', async () => {
  const events = (await draw({ ...request, steps: 4, previewEvery: 2 })).map(({ event }) => event);
  const steps = events.flatMap((event) => (event.case === 'step' ? [event.value.step] : []));
  expect(steps.at(-1)).toBe(4);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(events.filter((event) => event.case === 'preview').length).toBeGreaterThan(0);
  const last = events.at(-1);
  expect(last).toMatchObject({
    case: 'image',
    value: {
      image: { width: 64, height: 64, format: ImageFormat.RGB8 },
      modelVersion: { name: 'tiny/denoiser', version: '0.0.1' },
      steps: 4,
      guidanceScale: 2.5,
      sampler: Sampler.DDIM,
    },
  });
  expect(last?.case === 'image' && last.value.image?.data.length).toBe(64 * 64 * 3);
});

test('tells of no more steps than asked for: the first, those of previews, the last', async () => {
  const events = (
    await draw({ ...request, steps: 6, previewEvery: 3, stepIntervalMs: 60_000, seed: 12 })
  ).map(({ event }) => event);
  const steps = events.flatMap((event) => (event.case === 'step' ? [event.value.step] : []));
  expect(steps).toEqual([1, 3, 6]);
  await expect(draw({ ...request, stepIntervalMs: 60_001 })).rejects.toMatchObject({
    violations: [expect.objectContaining({ field: 'step_interval_ms' })],
  });
});

test('same seed, same bytes; seed, prompt, negative, guidance and steps each matter', async () => {
  const first = await picture(request);
  expect(await picture(request)).toEqual(first);
  const others: Request[] = [
    { ...request, seed: 8 },
    { ...request, conditioning: embedding(0.5) },
    { ...request, negativeConditioning: embedding(0.1, 2) },
    { ...request, guidanceScale: 5 },
    { ...request, steps: 3 },
  ];
  for (const other of others) expect(await picture(other)).not.toEqual(first);
});

test('draws what diffusers draws with the same network and seed', async () => {
  const golden = await sharp(fileURLToPath(new URL('../fixtures/picture-golden.png', import.meta.url)))
    .raw()
    .toBuffer();
  const ours = await picture(request);
  const differences = ours.map((byte, i) => Math.abs(byte - (golden[i] ?? Number.NaN)));
  expect(Math.max(...differences)).toBeLessThanOrEqual(1);
});

test('the same bytes alone and in company', async () => {
  const alone = await picture({ ...request, steps: 20 });
  const company = [1, 2, 3, 4, 5].map((seed) => picture({ ...request, seed, steps: 5 + seed }));
  expect(await picture({ ...request, steps: 20 })).toEqual(alone);
  await Promise.all(company);
});

test('guidance 1 needs no negative conditioning and takes none into account', async () => {
  const { negativeConditioning: _, ...plain } = request;
  const alone = await picture({ ...plain, guidanceScale: 1 });
  expect(await picture({ ...request, guidanceScale: 1 })).toEqual(alone);
});

test.each<[string, Request, string]>([
  ['steps 0', { ...request, steps: 0 }, 'steps'],
  ['steps 10,001', { ...request, steps: 10_001 }, 'steps'],
  ['guidance NaN', { ...request, guidanceScale: Number.NaN }, 'guidance_scale'],
  ['guidance 31', { ...request, guidanceScale: 31 }, 'guidance_scale'],
  ['an unknown sampler', { ...request, sampler: 99 as Sampler }, 'sampler'],
  ['a width it cannot draw', { ...request, width: 128 }, 'width'],
  ['a negative that is missing', { conditioning: embedding(1) }, 'negative_conditioning.tokens'],
  ['no conditioning', { negativeConditioning: embedding(1) }, 'conditioning.tokens'],
  ['NaN in the conditioning', { ...request, conditioning: embedding(Number.NaN) }, 'conditioning.tokens'],
  ['a mask of another length', { ...request, conditioning: embedding(1, 3, 2) }, 'conditioning.mask'],
])('refuses %s by field', async (_what, bad, field) => {
  await expect(draw(bad)).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    violations: expect.arrayContaining([expect.objectContaining({ field })]),
  });
});

test('a cancelled picture leaves within a step, the others are unharmed', async () => {
  const alone = await picture({ ...request, steps: 100 });
  const unharmed = picture({ ...request, steps: 100 });
  const cancel = new AbortController();
  const cancelled = (async () => {
    const doomed = { ...request, steps: 80 };
    for await (const { event } of mesh.client.generateImage(doomed, { signal: cancel.signal })) {
      if (event.case === 'step') cancel.abort();
    }
  })();
  await expect(cancelled).rejects.toMatchObject({ code: Code.CANCELLED });
  await expect.poll(() => mesh.engine.size, { timeout: 200, interval: 5 }).toBe(1);
  expect(await unharmed).toEqual(alone);
});

test('drawing delays the health check by less than 50 ms', async () => {
  const health = healthChecker(mesh.address);
  const medianMs = async (): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 15; i++) {
      const started = performance.now();
      expect(await health.check()).toBe('SERVING');
      times.push(performance.now() - started);
      await sleep(2);
    }
    return times.toSorted((a, b) => a - b)[7] as number;
  };
  const idleMs = await medianMs();
  const busy = [1, 2, 3, 4].map((seed) => picture({ ...request, seed, steps: 60 }));
  const busyMs = await medianMs();
  health.close();
  await Promise.all(busy);
  // Medians, and against this machine's idle time: it may have other work. `npm run bench -- responsiveness` has the P99.
  expect(busyMs - idleMs).toBeLessThan(50);
});
