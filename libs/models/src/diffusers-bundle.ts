import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { type LayoutRole, MODEL_INDEX_FILE, readLayout } from './diffusers-layout.ts';
import { BundleError } from './errors.ts';
import { digestOf } from './integrity.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { checkOnnxFile } from './onnx-file.ts';

/**
 * Roles that no diffusers folder has and that don't depend on its model: the starter bundle lends them, so that the
 * mesh's other services run whatever draws.
 */
export const LENT_ROLES =
  /^(super_resolution_\d+|prompt_index|language_model|harm_classifier|prompt_safety|prompt_reader)$/;

/**
 * The manifest of a folder in the diffusers layout. Such a folder comes without digests: files of the roles that are
 * asked for are checked for being whole, and their SHA-256 is taken for their identity; the others' stays empty.
 * @throws BundleError naming the file.
 */
export async function diffusersManifest(
  folder: string,
  roles: readonly string[] | undefined,
): Promise<Manifest> {
  const layout = await readLayout(folder);
  const wanted = (roles ?? Object.keys(layout)).filter((role) => !LENT_ROLES.test(role));
  for (const role of wanted) {
    if (!layout[role]) throw new BundleError('ROLE_MISSING', `The bundle ${folder} has no role "${role}"`);
  }
  const described = await Promise.all(
    Object.entries(layout).map(
      async ([name, role]) => [name, await describe(folder, role, wanted.includes(name))] as const,
    ),
  );
  const index = await readFile(join(folder, MODEL_INDEX_FILE));
  return {
    name:
      basename(resolve(folder))
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/^[^a-z0-9]+/, '') || 'model',
    // The layout has no version: what names its parts stands for one.
    version: createHash('sha256').update(index).digest('hex').slice(0, 12),
    licence: 'unknown',
    languages: ['en'],
    roles: Object.fromEntries(described),
    profiles: {},
    metrics: {},
  };
}

async function describe(
  folder: string,
  role: LayoutRole,
  wanted: boolean,
): Promise<Manifest['roles'][string]> {
  const files: Record<string, ManifestFile> = {};
  for (const [key, path] of Object.entries(role.files)) {
    if (!wanted) {
      files[key] = { path, sha256: '', bytes: 0 };
      continue;
    }
    const external = path.endsWith('.onnx') ? await checkOnnxFile(join(folder, path)) : [];
    files[key] = await measured(folder, path);
    for (const data of external)
      files[`${key}:${basename(data)}`] = await measured(folder, relative(folder, data));
  }
  return { files, config: role.config, instructions: [] };
}

async function measured(folder: string, path: string): Promise<ManifestFile> {
  const full = join(folder, path);
  const { size } = await stat(full).catch((cause: unknown) => {
    throw new BundleError('FILE_MISSING', `The bundle's file ${full} is missing or cannot be read`, cause);
  });
  return { path, sha256: await digestOf(full), bytes: size };
}
