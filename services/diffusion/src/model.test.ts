import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBundle } from '@atelier/models';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadDecoder } from './latent-decoder.ts';
import { loadDenoiser } from './model.ts';

const source = fileURLToPath(new URL('../../../test/golden/pipelines/stable-diffusion', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-model-'));
  await cp(source, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function load() {
  return await loadDenoiser(await openBundle(folder, { roles: ['denoiser'] }), { threads: 1 });
}
async function edit(path: string, changes: Record<string, unknown>): Promise<void> {
  const content = JSON.parse(await readFile(join(folder, path), 'utf8')) as Record<string, unknown>;
  await writeFile(join(folder, path), JSON.stringify({ ...content, ...changes }));
}

test('what the graph wants is read from it', async () => {
  const denoiser = await load();
  expect(denoiser.conditioning).toEqual({
    dim: 32,
    pooledDim: undefined,
    masked: false,
    guidanceDim: undefined,
  });
  expect(denoiser.sizes).toEqual({ sampleSize: 32, channels: 4, scale: 2, multiple: 4 });
  await denoiser.close();
});

test('a config that contradicts the graph: file and tensor are named', async () => {
  await edit('unet/config.json', { cross_attention_dim: 48 });
  await expect(load()).rejects.toMatchObject({
    reason: 'MODEL_LOAD_FAILED',
    message: expect.stringMatching(/unet\/model\.onnx.*"encoder_hidden_states".*48/),
  });
});

test('another network in its place: the input it lacks is named', async () => {
  await cp(join(folder, 'vae_decoder/model.onnx'), join(folder, 'unet/model.onnx'));
  await expect(load()).rejects.toMatchObject({
    reason: 'MODEL_LOAD_FAILED',
    message: expect.stringMatching(/unet\/model\.onnx has no input "sample"/),
  });
});

test('an unknown scheduler is named', async () => {
  await edit('scheduler/scheduler_config.json', { _class_name: 'KarrasVeScheduler' });
  await expect(load()).rejects.toMatchObject({
    reason: 'CONFIG_INVALID',
    message: expect.stringContaining('KarrasVeScheduler'),
  });
});

test('a decoder of another scale fails its picture and is named', async () => {
  const bundle = await openBundle(folder, { roles: ['vae_decoder'] });
  const decoder = await loadDecoder(bundle, { threads: 1, tilePixels: 1024 });
  const canvas = { channels: 4, height: 8, width: 8, scale: 8 };
  await expect(decoder.decode(new Float32Array(256), canvas)).rejects.toMatchObject({
    reason: 'RUN_FAILED',
    message: expect.stringMatching(/vae_decoder\/model\.onnx is \[1, 3, 16, 16\]/),
  });
  await expect(
    decoder.decode(new Float32Array(256).fill(Number.NaN), { ...canvas, scale: 2 }),
  ).rejects.toMatchObject({ reason: 'NON_FINITE_OUTPUT' });
  await decoder.close();
});
