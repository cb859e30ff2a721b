import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { externalModel } from '../fixtures/external-model.ts';
import { openBundle } from './bundle.ts';

const source = fileURLToPath(new URL('../../../test/golden/pipelines/stable-diffusion', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-diffusers-'));
  await cp(source, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function edit(path: string, changes: Record<string, unknown>): Promise<void> {
  const content = JSON.parse(await readFile(join(folder, path), 'utf8')) as Record<string, unknown>;
  await writeFile(join(folder, path), JSON.stringify({ ...content, ...changes }));
}

test('a folder of the diffusers layout is a bundle as it is', async () => {
  const bundle = await openBundle(folder);
  const roles = ['denoiser', 'text_encoder', 'vae_decoder', 'vae_encoder'];
  expect(Object.keys(bundle.manifest.roles).sort()).toEqual(roles);
  const Sizes = z.object({ sampleSize: z.int(), scale: z.int(), beta_schedule: z.string() });
  expect(bundle.config('denoiser', Sizes)).toEqual({
    sampleSize: 32,
    scale: 2,
    beta_schedule: 'scaled_linear',
  });
  expect(bundle.identity('denoiser').sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(bundle.file('text_encoder', 'merges')).toBe(join(folder, 'tokenizer/merges.txt'));
});

test('the starter lends what no such folder has, and no words that its model may know', async () => {
  const bundle = await openBundle(folder, { roles: ['super_resolution_256'] });
  expect(bundle.identity('super_resolution_256').name).toBe('starter/super_resolution_256');
  expect(bundle.has('prompt_safety') && bundle.has('prompt_reader')).toBe(true);
  expect(bundle.has('vocabulary')).toBe(false);
});

test.each<[string, string, string, () => Promise<void>]>([
  ['a missing model', 'FILE_MISSING', 'unet/model.onnx', () => rm(join(folder, 'unet/model.onnx'))],
  [
    'a cut-off model',
    'FILE_DAMAGED',
    'unet/model.onnx',
    () => truncate(join(folder, 'unet/model.onnx'), 9000),
  ],
  [
    'no model at all',
    'FILE_DAMAGED',
    'unet/model.onnx',
    () => writeFile(join(folder, 'unet/model.onnx'), '\x07?'),
  ],
  [
    'a missing config',
    'FILE_MISSING',
    'vae_decoder/config.json',
    () => rm(join(folder, 'vae_decoder/config.json')),
  ],
  ['no tokenizer', 'FILE_MISSING', 'tokenizer/vocab.json', () => rm(join(folder, 'tokenizer/vocab.json'))],
  [
    'another pipeline',
    'MANIFEST_INVALID',
    'FluxPipeline',
    () => edit('model_index.json', { _class_name: 'FluxPipeline' }),
  ],
  [
    'an inpainting network',
    'CONFIG_INVALID',
    'in_channels is 9',
    () => edit('unet/config.json', { in_channels: 9 }),
  ],
])('%s is named', async (_what, reason, words, damage) => {
  await damage();
  await expect(openBundle(folder)).rejects.toMatchObject({ reason, message: expect.stringContaining(words) });
});

test('external weights: found, measured; missing or short ones named with their tensor', async () => {
  const data = join(folder, 'unet/weights.bin');
  await writeFile(join(folder, 'unet/model.onnx'), externalModel('conv_in.weight', 'weights.bin', 64, 128));
  await expect(openBundle(folder)).rejects.toMatchObject({
    reason: 'FILE_MISSING',
    message: expect.stringMatching(/weights\.bin.*conv_in\.weight/),
  });
  await writeFile(data, new Uint8Array(100));
  await expect(openBundle(folder)).rejects.toMatchObject({
    reason: 'FILE_DAMAGED',
    message: expect.stringMatching(/weights\.bin has 100 bytes.*conv_in\.weight.* 192/),
  });
  await writeFile(data, new Uint8Array(192));
  const { files } = (await openBundle(folder)).manifest.roles.denoiser ?? {};
  expect(files?.['model:weights.bin']).toMatchObject({ path: 'unet/weights.bin', bytes: 192 });
  await writeFile(join(folder, 'unet/model.onnx'), externalModel('w', '../../secret', 0, 1));
  await expect(openBundle(folder)).rejects.toThrow(/outside its folder/);
});
