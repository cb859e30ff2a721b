import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Sampler } from '@atelier/contracts';
import { openBundle } from '@atelier/models';
import { Code } from '@atelier/rpc';
import { afterAll, expect, test } from 'vitest';
import { loadDenoiser } from './model.ts';
import { collect, embedding, type Request, serve } from './service.fixture.ts';

/** Pictures that diffusers drew with a tiny random pixel-space U-Net: test/golden/make_pixel_goldens.py. */
const folder = fileURLToPath(new URL('../goldens/pixels', import.meta.url));
interface Golden {
  readonly request: Omit<Request, 'sampler'> & { readonly sampler: keyof typeof Sampler };
  /** RGB8, base64. */
  readonly rgb: string;
}
const goldens = JSON.parse(readFileSync(`${folder}/pictures.json`, 'utf8')) as Golden[];

const bundle = await openBundle(folder, { roles: ['denoiser'] });
const mesh = await serve(await loadDenoiser(bundle, { threads: 1 }), { maxBatch: 4 });
afterAll(() => mesh.stop());

function asked({ request }: Golden): Request {
  return {
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

test.each<[string, Request, string]>([
  ['eta for another sampler', { sampler: Sampler.EULER, eta: 0.5 }, 'eta'],
  ['eta above 1', { sampler: Sampler.DDIM, eta: 1.5 }, 'eta'],
  ['a rescale of NaN', { guidanceRescale: Number.NaN }, 'guidance_rescale'],
  ['an empty interval', { guidanceInterval: { low: 2, high: 1 } }, 'guidance_interval.high'],
  ['an interval from NaN', { guidanceInterval: { low: Number.NaN } }, 'guidance_interval.low'],
  ['a flow’s sampler for another model', { sampler: Sampler.FLOW_MATCH_EULER }, 'sampler'],
  ['more LCM steps than were distilled', { sampler: Sampler.LCM, steps: 51 }, 'steps'],
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
