/** Whole pipelines against diffusers: same weights, same prompt, same seed, same picture. */
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sampler } from '@atelier/contracts';
import { loadClipTokenizer, tokenWindows } from '@atelier/models';
import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { type GoldenMesh, golden, serve } from './mesh.ts';
import { mask, picture } from './patterns.ts';

const PROMPT = 'a boat on an ocean at sunset';
const NEGATIVE = 'a red house';
const REQUEST = { seed: 7, steps: 6, guidanceScale: 5 };
/** Largest difference from diffusers' picture that is put down to rounding, of 255. */
const TOLERANCE = 2;

const meshes: GoldenMesh[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const mesh of meshes.splice(0)) await mesh.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});
async function open(name: string, options?: Parameters<typeof serve>[1]): Promise<GoldenMesh> {
  const mesh = await serve(golden(name), options);
  meshes.push(mesh);
  return mesh;
}

async function expectGolden(
  image: { width: number; height: number; data: Uint8Array },
  path: string,
  tolerance = TOLERANCE,
) {
  const { data, info } = await sharp(golden(path)).raw().toBuffer({ resolveWithObject: true });
  expect([image.width, image.height]).toEqual([info.width, info.height]);
  const differences = image.data.map((byte, i) => Math.abs(byte - (data[i] ?? Number.NaN)));
  expect(Math.max(...differences), path).toBeLessThanOrEqual(tolerance);
}

describe('Stable Diffusion 1.x', () => {
  const samplers: [Sampler, string][] = [
    [Sampler.UNSPECIFIED, 'golden'],
    [Sampler.DDIM, 'golden-ddim'],
    [Sampler.DDPM, 'golden-ddpm'],
    [Sampler.EULER, 'golden-euler'],
    [Sampler.EULER_ANCESTRAL, 'golden-euler_ancestral'],
    [Sampler.HEUN, 'golden-heun'],
    [Sampler.DPM_SOLVER_PP_2M, 'golden-dpm_solver_pp_2m'],
    [Sampler.SDE_DPM_SOLVER_PP_2M, 'golden-sde_dpm_solver_pp_2m'],
    [Sampler.PNDM, 'golden-pndm'],
  ];
  test.each(samplers)('sampler %i draws %s', async (sampler, file) => {
    const mesh = await open('stable-diffusion');
    await expectGolden(
      await mesh.draw(PROMPT, NEGATIVE, { ...REQUEST, sampler }),
      `stable-diffusion/${file}.png`,
    );
  });

  const fromPicture = { ...REQUEST, initImage: picture(32), strength: 0.7 };
  test.each(samplers.slice(1))('sampler %i draws %s from a picture', async (sampler, file) => {
    const mesh = await open('stable-diffusion');
    const image = await mesh.draw(PROMPT, NEGATIVE, { ...fromPicture, sampler });
    await expectGolden(image, `stable-diffusion/${file.replace('golden-', 'golden-from-')}.png`);
  });

  test.each([Sampler.DDIM, Sampler.EULER, Sampler.HEUN, Sampler.DPM_SOLVER_PP_2M])(
    'sampler %i draws what a mask leaves open',
    async (sampler) => {
      const mesh = await open('stable-diffusion');
      const name = Object.entries(Sampler)
        .find(([, value]) => value === sampler)?.[0]
        ?.toLowerCase();
      for (const [strength, file] of [
        [0.7, '0.7'],
        [undefined, '1.0'],
      ] as const) {
        const { strength: _, ...request } = fromPicture;
        const masked = { ...request, sampler, mask: mask(32), ...(strength && { strength }) };
        const image = await mesh.draw(PROMPT, NEGATIVE, masked);
        await expectGolden(image, `stable-diffusion/golden-mask-${name}-${file}.png`);
      }
    },
  );

  test('at a size other than square, and large in tiles', async () => {
    const plain = await open('stable-diffusion');
    const wide = await plain.draw(PROMPT, NEGATIVE, { ...REQUEST, width: 40, height: 24 });
    await expectGolden(wide, 'stable-diffusion/golden-40x24.png');
    const tiled = await open('stable-diffusion', { tilePixels: 32 });
    const large = await tiled.draw(PROMPT, NEGATIVE, { ...REQUEST, width: 80, height: 64 });
    await expectGolden(large, 'stable-diffusion/golden-80x64-tiled.png');
    await expect(plain.draw(PROMPT, NEGATIVE, { ...REQUEST, width: 42 })).rejects.toMatchObject({
      violations: [{ field: 'width', description: expect.stringContaining('multiples of 4') }],
    });
  });

  test('a prompt of several windows, the negative filled up to as many', async () => {
    const mesh = await open('stable-diffusion');
    const long = 'a boat on an ocean at sunset '.repeat(18).trim();
    const [prompt, negative] = await mesh.encode(long, NEGATIVE);
    expect(prompt?.tokens?.shape).toEqual([2 * 77, 32]);
    expect(negative?.tokens?.shape).toEqual([2 * 77, 32]);
    await expectGolden(await mesh.draw(long, NEGATIVE, REQUEST), 'stable-diffusion/golden-long.png');
  });

  test('pictures of one batch are those drawn alone', async () => {
    const mesh = await open('stable-diffusion');
    const alone = await mesh.draw(PROMPT, NEGATIVE, REQUEST);
    const company = [1, 2, 3].map((seed) =>
      mesh.draw(NEGATIVE, PROMPT, { ...REQUEST, seed, steps: 4 + seed }),
    );
    expect((await mesh.draw(PROMPT, NEGATIVE, REQUEST)).data).toEqual(alone.data);
    await Promise.all(company);
  });
});

test('Stable Diffusion 2.x: v-prediction', async () => {
  const mesh = await open('stable-diffusion-2');
  await expectGolden(await mesh.draw(PROMPT, NEGATIVE, REQUEST), 'stable-diffusion-2/golden.png');
});

test('latents without an encoder: no picture can be begun from another', async () => {
  const mesh = await open('stable-diffusion-2');
  await expect(mesh.draw(PROMPT, NEGATIVE, { ...REQUEST, initImage: picture(32) })).rejects.toMatchObject({
    violations: [{ field: 'init_image', description: expect.stringContaining('no vae_encoder') }],
  });
});

test('SDXL: two encoders, pooled text and picture size as conditions, zeros for no negative prompt', async () => {
  const mesh = await open('stable-diffusion-xl');
  await expectGolden(await mesh.draw(PROMPT, NEGATIVE, REQUEST), 'stable-diffusion-xl/golden.png');
  await expectGolden(await mesh.draw(PROMPT, '', REQUEST), 'stable-diffusion-xl/golden-unconditional.png');
  const wide = await mesh.draw(PROMPT, NEGATIVE, { ...REQUEST, width: 40, height: 24 });
  await expectGolden(wide, 'stable-diffusion-xl/golden-40x24.png');
});

test('LCM: the guidance scale is an input, and four steps do', async () => {
  const mesh = await open('latent-consistency');
  const image = await mesh.draw(PROMPT, '', { seed: 7, guidanceScale: 5 });
  await expectGolden(image, 'latent-consistency/golden.png');
});

/** The first pipeline with other networks in place of its own. */
async function openWith(overlay: string): Promise<GoldenMesh> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-golden-'));
  folders.push(folder);
  for (const name of ['stable-diffusion', overlay]) await cp(golden(name), folder, { recursive: true });
  const mesh = await serve(folder);
  meshes.push(mesh);
  return mesh;
}

test('half precision weights', async () => {
  const mesh = await openWith('half-precision');
  await expectGolden(await mesh.draw(PROMPT, NEGATIVE, REQUEST), 'half-precision/golden.png');
});

test('int8 weights, as ONNX Runtime itself computes them', async () => {
  const mesh = await openWith('int8');
  // Rounding activations to eight bits magnifies the last digit, which differs between versions and processors.
  await expectGolden(await mesh.draw(PROMPT, NEGATIVE, REQUEST), 'int8/golden.png', 8);
});

test('token ids are those of transformers', async () => {
  const folder = golden('stable-diffusion/tokenizer');
  const tokenizer = await loadClipTokenizer(`${folder}/vocab.json`, `${folder}/merges.txt`);
  const cases = JSON.parse(readFileSync(golden('stable-diffusion/golden-tokens.json'), 'utf8')) as {
    text: string;
    ids: number[];
  }[];
  for (const { text, ids } of cases) expect(tokenizer.encode(text), text).toEqual(ids);
  expect(tokenWindows(tokenizer, 'boat '.repeat(100), 77)).toHaveLength(2);
});
