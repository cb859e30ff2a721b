import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ImageFormat, Sampler, TimestepSpacing } from '@atelier/contracts';
import { openBundle } from '@atelier/models';
import { Code } from '@atelier/rpc';
import { afterAll, expect, test } from 'vitest';
import { inDisc, mask, picture } from '../../../test/golden/patterns.ts';
import { loadDenoiser } from './model.ts';
import { collect, embedding, type Request, serve } from './service.fixture.ts';

/** Pictures that diffusers drew with a tiny random pixel-space U-Net: test/golden/make_pixel_goldens.py. */
const folder = fileURLToPath(new URL('../goldens/pixels', import.meta.url));
interface Golden {
  readonly request: Omit<Request, 'sampler'> & {
    readonly sampler: keyof typeof Sampler;
    readonly masked?: boolean;
  };
  /** RGB8, base64. */
  readonly rgb: string;
}
const goldens = JSON.parse(readFileSync(`${folder}/pictures.json`, 'utf8')) as Golden[];

const bundle = await openBundle(folder, { roles: ['denoiser'] });
const mesh = await serve(await loadDenoiser(bundle, { threads: 1 }), { maxBatch: 4 });
afterAll(() => mesh.stop());

function asked({ request: { masked, ...request } }: Golden): Request {
  return {
    ...(request.strength !== undefined && { initImage: picture(16) }),
    ...(masked && { mask: mask(16) }),
    conditioning: embedding(1.3),
    negativeConditioning: embedding(-0.9, 2),
    seed: 7,
    ...request,
    sampler: Sampler[request.sampler],
  };
}

async function draw(request: Request) {
  const last = (await collect(mesh.client.generateImage(request))).at(-1)?.event;
  if (last?.case !== 'image') throw new Error('no image at the end');
  return last.value;
}

test.each(goldens.map((golden) => [JSON.stringify(golden.request), golden] as const))(
  'draws what diffusers draws: %s',
  async (_request, golden) => {
    const { image, sampler, steps } = await draw(asked(golden));
    expect({ sampler, steps }).toEqual({
      sampler: Sampler[golden.request.sampler],
      steps: golden.request.steps,
    });
    const theirs = Buffer.from(golden.rgb, 'base64');
    const differences = [...theirs].map((byte, i) => Math.abs((image?.data[i] ?? Number.NaN) - byte));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  },
);

test('the same bytes alone and among neighbours with other samplers, steps and guidance', async () => {
  const short = goldens.filter(({ request }) => (request.steps ?? 0) <= 20);
  const alone: unknown[] = [];
  for (const golden of short) alone.push((await draw(asked(golden))).image?.data);
  for (const start of [0, 7, 14]) {
    const mix = short.slice(start, start + 8);
    const together = await Promise.all(mix.map(async (golden) => (await draw(asked(golden))).image?.data));
    expect(together).toEqual(alone.slice(start, start + 8));
  }
});

const begun: Request = { initImage: picture(16), strength: 0.7 };

test.each<[string, Request, string]>([
  ['eta for another sampler', { sampler: Sampler.EULER, eta: 0.5 }, 'eta'],
  ['eta above 1', { sampler: Sampler.DDIM, eta: 1.5 }, 'eta'],
  ['a rescale of NaN', { guidanceRescale: Number.NaN }, 'guidance_rescale'],
  ['an empty interval', { guidanceInterval: { low: 2, high: 1 } }, 'guidance_interval.high'],
  ['an interval from NaN', { guidanceInterval: { low: Number.NaN } }, 'guidance_interval.low'],
  ['a flow’s sampler for another model', { sampler: Sampler.FLOW_MATCH_EULER }, 'sampler'],
  ['more LCM steps than were distilled', { sampler: Sampler.LCM, steps: 51 }, 'steps'],
  ['more LCM steps than the strength leaves', { ...begun, sampler: Sampler.LCM, steps: 50 }, 'steps'],
  [
    'a spacing for LCM',
    { sampler: Sampler.LCM, timestepSpacing: TimestepSpacing.LEADING },
    'timestep_spacing',
  ],
  ['Karras levels for DDIM', { sampler: Sampler.DDIM, karrasSigmas: true }, 'karras_sigmas'],
  ['a mask without a picture', { mask: mask(16) }, 'mask'],
  ['a strength without a picture', { strength: 0.5 }, 'strength'],
  ['strength 0', { ...begun, strength: 0 }, 'strength'],
  ['a strength that leaves no step', { ...begun, steps: 5, strength: 0.1 }, 'strength'],
  ['a mask of another size', { ...begun, mask: mask(20) }, 'mask'],
  ['a picture too small', { initImage: picture(8) }, 'init_image.width'],
  ['a PNG', { initImage: { ...picture(16), format: ImageFormat.PNG } }, 'init_image.format'],
  ['pixels of another size', { initImage: { ...picture(16), height: 17 } }, 'init_image.data'],
])('refuses %s by field', async (_what, part, field) => {
  const request = { conditioning: embedding(1), negativeConditioning: embedding(0), ...part };
  await expect(draw(request)).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
    violations: expect.arrayContaining([expect.objectContaining({ field })]),
  });
});

test('progress counts runs of the network', async () => {
  const events = await collect(
    mesh.client.generateImage({ ...asked(goldens[0] as Golden), sampler: Sampler.HEUN, steps: 3 }),
  );
  const last = events.flatMap(({ event }) => (event.case === 'step' ? [event.value] : [])).at(-1);
  expect(last).toMatchObject({ step: 5, steps: 5 });
});

const plain: Request = {
  conditioning: embedding(1.3),
  negativeConditioning: embedding(-0.9, 2),
  seed: 7,
  steps: 10,
  sampler: Sampler.DDIM,
};

test('the less strength, the fewer steps and the nearer the picture', async () => {
  const distances: number[] = [];
  for (const [strength, steps] of [
    [0.1, 1],
    [0.4, 4],
    [0.9, 9],
  ] as const) {
    const events = await collect(mesh.client.generateImage({ ...plain, initImage: picture(16), strength }));
    expect(events.findLast(({ event }) => event.case === 'step')?.event.value).toMatchObject({
      step: steps,
      steps,
    });
    const last = events.at(-1)?.event;
    const data = last?.case === 'image' ? last.value.image?.data : undefined;
    distances.push(
      picture(16).data.reduce((sum, byte, i) => sum + Math.abs(byte - (data?.[i] ?? Number.NaN)), 0),
    );
  }
  expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  expect(distances[0]).toBeLessThan((distances[2] as number) / 2);
});

test('what a mask keeps stays to the byte; what is drawn anew has another look with another seed', async () => {
  const masked = { ...plain, initImage: picture(16), mask: mask(16) };
  const [one, other] = [await draw(masked), await draw({ ...masked, seed: 8 })];
  const pixel = (data: Uint8Array | undefined, i: number): string =>
    `${data?.slice(3 * i, 3 * i + 3).join(' ')}`;
  let changed = 0;
  for (let i = 0; i < 256; i++) {
    const drawn = pixel(one.image?.data, i);
    if (!inDisc(16, i % 16, i >> 4)) expect(drawn).toBe(pixel(picture(16).data, i));
    else if (drawn !== pixel(other.image?.data, i)) changed++;
  }
  expect(changed).toBeGreaterThan(20);
});

test('a picture of another size is fitted, and continued beyond its edges by canvas and mask', async () => {
  const large = picture(48);
  const fitted = await draw({ ...plain, initImage: large, strength: 0.1 });
  const exact = await draw({ ...plain, initImage: picture(16), strength: 0.1 });
  const mean = (data: Uint8Array | undefined, channel: number): number =>
    [...(data ?? [])].reduce((sum, byte, i) => sum + (i % 3 === channel ? byte : 0), 0) / 256;
  for (const channel of [0, 1]) {
    const difference = mean(fitted.image?.data, channel) - mean(exact.image?.data, channel);
    expect(Math.abs(difference)).toBeLessThan(16);
  }
  // The left half is a picture, the right one is open canvas.
  const canvas = { ...picture(16), data: picture(16).data.map((byte, i) => ((i / 3) % 16 < 8 ? byte : 0)) };
  const open = { ...canvas, data: canvas.data.map((_, i) => (Math.floor(i / 3) % 16 < 8 ? 0 : 255)) };
  const { image } = await draw({ ...plain, initImage: canvas, mask: open });
  for (let i = 0; i < 768; i++) if (open.data[i] === 0) expect(image?.data[i]).toBe(canvas.data[i]);
});

test('spacing and Karras levels are the request’s to choose', async () => {
  const sampler = Sampler.EULER;
  const usual = await draw({ ...plain, sampler });
  const trailing = await draw({ ...plain, sampler, timestepSpacing: TimestepSpacing.TRAILING });
  const karras = await draw({ ...plain, sampler, karrasSigmas: true });
  expect(trailing.image?.data).not.toEqual(usual.image?.data);
  expect(karras.image?.data).not.toEqual(usual.image?.data);
});
