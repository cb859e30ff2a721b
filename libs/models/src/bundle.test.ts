import { appendFile, cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { tinyBundlePath } from '../fixtures/index.ts';
import { openBundle } from './bundle.ts';
import { machineInstructions, missingInstructions } from './instructions.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-bundle-'));
  await cp(tinyBundlePath, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

async function edit(change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const path = join(folder, 'atelier.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  change(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

test('opens a bundle and finds files, config and identity by role', async () => {
  const bundle = await openBundle(folder);
  expect(bundle).toMatchObject({ name: 'tiny', version: '0.0.1', languages: ['en'] });
  expect(bundle.file('text_encoder', 'tokenizer')).toBe(join(folder, 'tokenizer/tokenizer.json'));
  expect(bundle.config('text_encoder', z.object({ window: z.int() }))).toEqual({ window: 16 });
  expect(bundle.identity('denoiser')).toEqual({
    name: 'tiny/denoiser',
    version: '0.0.1',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test.each([
  ['FILE_MISSING', 'missing', () => rm(join(folder, 'unet/model.onnx'))],
  ['FILE_DAMAGED', 'bytes', () => truncate(join(folder, 'unet/model.onnx'), 100)],
  ['FILE_DAMAGED', 'bytes', () => appendFile(join(folder, 'unet/model.onnx'), '!')],
  [
    'FILE_DAMAGED',
    'SHA-256',
    async () => {
      const content = await readFile(join(folder, 'unet/model.onnx'));
      content[200] = (content[200] as number) ^ 1;
      await writeFile(join(folder, 'unet/model.onnx'), content);
    },
  ],
])('names the file that is at fault: %s (%s)', async (reason, word, damage) => {
  await damage();
  await expect(openBundle(folder)).rejects.toMatchObject({
    reason,
    message: expect.stringMatching(new RegExp(`unet/model.onnx.*${word}`)),
  });
});

test('checks only the roles that are asked for, and misses those that are not there', async () => {
  await rm(join(folder, 'unet/model.onnx'));
  await expect(openBundle(folder, { roles: ['text_encoder'] })).resolves.toBeDefined();
  await expect(openBundle(folder, { roles: ['harm_classifier'] })).rejects.toMatchObject({
    reason: 'ROLE_MISSING',
    message: expect.stringContaining('harm_classifier'),
  });
});

test('refuses a manifest that is absent, not JSON, incomplete or points outside', async () => {
  await expect(openBundle(join(folder, 'nowhere'))).rejects.toMatchObject({ reason: 'MANIFEST_MISSING' });
  await edit((manifest) => {
    manifest.roles = { x: { files: { model: { path: '../x.onnx', sha256: '0'.repeat(64), bytes: 1 } } } };
  });
  await expect(openBundle(folder)).rejects.toMatchObject({
    reason: 'MANIFEST_INVALID',
    message: expect.stringContaining('inside the bundle folder'),
  });
  await edit((manifest) => {
    delete manifest.version;
  });
  await expect(openBundle(folder)).rejects.toMatchObject({
    reason: 'MANIFEST_INVALID',
    message: expect.stringContaining('version'),
  });
  await writeFile(join(folder, 'atelier.json'), '{');
  await expect(openBundle(folder)).rejects.toMatchObject({ reason: 'MANIFEST_INVALID' });
});

test('names the fields of a config that cannot be used', async () => {
  const bundle = await openBundle(folder);
  expect(() => bundle.config('denoiser', z.object({ latents: z.int() }))).toThrow(/"denoiser".*latents/s);
});

describe('instructions that a model counts on', () => {
  const VNNI = 'avx512_vnni|avx_vnni';
  const denoiser = async (
    change: (role: { files: Record<string, unknown>; instructions: string[] }) => void,
  ) =>
    await edit((manifest) => {
      const roles = manifest.roles as Record<
        string,
        { files: Record<string, unknown>; instructions: string[] }
      >;
      change(roles.denoiser as (typeof roles)[string]);
    });

  test('are there: nothing changes', async () => {
    await denoiser((role) => void Object.assign(role, { instructions: [VNNI] }));
    const bundle = await openBundle(folder, { instructions: new Set(['avx2', 'avx_vnni']) });
    expect(bundle.missing('denoiser')).toEqual([]);
    expect(bundle.file('denoiser')).toBe(join(folder, 'unet/model.onnx'));
  });

  test('are missing: the plain model stands for it, and signs', async () => {
    await denoiser((role) => {
      const { model } = role.files as { model: object };
      Object.assign(role, {
        instructions: [VNNI],
        files: { ...role.files, plain: { ...model, path: 'unet/plain.onnx' } },
      });
    });
    await cp(join(folder, 'unet/model.onnx'), join(folder, 'unet/plain.onnx'));
    const bundle = await openBundle(folder, { instructions: new Set(['avx2']) });
    expect(bundle.missing('denoiser')).toEqual([VNNI]);
    expect(bundle.file('denoiser')).toBe(join(folder, 'unet/plain.onnx'));
  });

  test('are missing and there is no other model: the bundle says which and where', async () => {
    await denoiser((role) => void Object.assign(role, { instructions: [VNNI] }));
    const opening = openBundle(folder, { instructions: new Set(['avx2']) });
    await expect(opening).rejects.toMatchObject({
      reason: 'INSTRUCTIONS_MISSING',
      message: expect.stringMatching(/"denoiser".*avx512_vnni\|avx_vnni/),
    });
    // Whoever doesn't need the role isn't stopped.
    await openBundle(folder, { roles: ['text_encoder'], instructions: new Set(['avx2']) });
  });

  test('are read from what Linux tells, on both kinds of processor; elsewhere nothing is missing', async () => {
    const told = join(folder, 'cpuinfo');
    await writeFile(told, 'processor\t: 0\nflags\t\t: fpu avx2 avx_vnni\n');
    expect(await machineInstructions(told)).toEqual(new Set(['fpu', 'avx2', 'avx_vnni']));
    await writeFile(told, 'processor\t: 0\nFeatures\t: fp asimd asimddp\n');
    expect(await machineInstructions(told)).toEqual(new Set(['fp', 'asimd', 'asimddp']));
    expect(await machineInstructions(join(folder, 'nowhere'))).toBeUndefined();
    expect(missingInstructions([VNNI], undefined)).toEqual([]);
  });
});
