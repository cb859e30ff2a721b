import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tinyBundlePath } from '../fixtures/index.ts';
import { openBundle } from './bundle.ts';
import { productionVersion, promote, publish } from './registry.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atelier-registry-'));
});
afterEach(() => rm(root, { recursive: true }));

/** The tiny bundle under another version. */
async function versioned(version: string): Promise<string> {
  const folder = join(root, `made-${version}`);
  await cp(tinyBundlePath, folder, { recursive: true });
  const path = join(folder, 'atelier.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...manifest, version }));
  return folder;
}

test('what is promoted is what opens, and rolling back is the same move', async () => {
  const registry = join(root, 'registry');
  for (const version of ['1.0.0', '2.0.0'])
    await publish(registry, await openBundle(await versioned(version)));
  const served = async () => (await openBundle(join(registry, 'tiny'))).version;
  await expect(served()).rejects.toMatchObject({ reason: 'MANIFEST_MISSING' });
  expect(await promote(registry, 'tiny', '1.0.0')).toBeUndefined();
  expect(await served()).toBe('1.0.0');
  expect(await promote(registry, 'tiny', '2.0.0')).toBe('1.0.0');
  expect(await served()).toBe('2.0.0');
  expect(await promote(registry, 'tiny', '1.0.0')).toBe('2.0.0');
  expect(await productionVersion(join(registry, 'tiny'))).toBe('1.0.0');
});

test('a version is one bundle: the same again is nothing new, another one is refused', async () => {
  const registry = join(root, 'registry');
  const folder = await versioned('1.0.0');
  const published = await publish(registry, await openBundle(folder));
  expect(await publish(registry, await openBundle(folder))).toBe(published);
  const path = join(folder, 'atelier.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { roles: Record<string, { config: object }> };
  (manifest.roles.denoiser as { config: object }).config = { other: true };
  await writeFile(path, JSON.stringify(manifest));
  await expect(publish(registry, await openBundle(folder))).rejects.toThrow(/version of its own/);
});

test('a damaged or absent version is never pointed to', async () => {
  const registry = join(root, 'registry');
  const folder = await publish(registry, await openBundle(await versioned('1.0.0')));
  await promote(registry, 'tiny', '1.0.0');
  await cp(folder, join(registry, 'tiny', '2.0.0'), { recursive: true });
  await writeFile(join(registry, 'tiny', '2.0.0', 'unet', 'model.onnx'), 'damaged');
  await expect(promote(registry, 'tiny', '2.0.0')).rejects.toMatchObject({ reason: 'FILE_DAMAGED' });
  await expect(promote(registry, 'tiny', '3.0.0')).rejects.toMatchObject({ reason: 'MANIFEST_MISSING' });
  expect(await productionVersion(join(registry, 'tiny'))).toBe('1.0.0');
});
