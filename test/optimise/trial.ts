/** A bundle with profiles that aren't promoted yet: the same files by links, another manifest. */
import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Bundle, MANIFEST_FILE, type Manifest, openBundle, type Profile } from '@atelier/models';

/** @returns the bundle, in a folder of its own until `remove`. */
export async function trialBundle(
  path: string,
  profiles: Readonly<Record<string, Profile>>,
): Promise<{ bundle: Bundle; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-trial-'));
  for (const name of await readdir(path)) {
    if (name !== MANIFEST_FILE) await symlink(resolve(path, name), join(folder, name));
  }
  const manifest = await readManifest(path);
  await writeFile(join(folder, MANIFEST_FILE), JSON.stringify({ ...manifest, profiles }));
  return {
    bundle: await openBundle(folder, { roles: [] }),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Enters profiles into a bundle's manifest; others, and whatever else it says, stay. Atomic. */
export async function promote(path: string, profiles: Readonly<Record<string, Profile>>): Promise<void> {
  await changeManifest(path, (manifest) => {
    manifest.profiles = { ...manifest.profiles, ...profiles };
  });
}

/** Rewrites a bundle's manifest in one move: whoever reads it sees all of the change or nothing. */
export async function changeManifest(path: string, change: (manifest: Manifest) => void): Promise<void> {
  const manifest = await readManifest(path);
  change(manifest);
  const partial = join(path, `${MANIFEST_FILE}.partial`);
  await writeFile(partial, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(partial, join(path, MANIFEST_FILE));
}

const readManifest = async (path: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(path, MANIFEST_FILE), 'utf8')) as Manifest;
