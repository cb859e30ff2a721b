/**
 * Where a deployment keeps its models: `<registry>/<name>/<version>/` is a bundle, `<registry>/<name>/production` says which version
 * serves. Opening `<registry>/<name>` opens that one. Folders are complete from the moment they have their name, and the
 * pointer is replaced in one step, so a reader sees the old version or the new one and nothing between.
 */
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Bundle, openBundle } from './bundle.ts';
import { exists } from './diffusers-layout.ts';
import { BundleError } from './errors.ts';

/** File in a model's folder that names the version in production. */
export const PRODUCTION_FILE = 'production';

const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

/** Version that a model's folder points to; undefined when it has no pointer. @throws BundleError for one that is no version. */
export async function productionVersion(modelFolder: string): Promise<string | undefined> {
  const path = join(modelFolder, PRODUCTION_FILE);
  if (!(await exists(path))) return undefined;
  const version = (await readFile(path, 'utf8')).trim();
  if (!VERSION.test(version)) throw new BundleError('MANIFEST_INVALID', `${path} holds no version`);
  return version;
}

/** The folder of the bundle that `path` means: itself, or the version in production of a registry's model folder. */
export async function bundleFolder(path: string): Promise<string> {
  const version = await productionVersion(path);
  return version === undefined ? path : join(path, version);
}

/**
 * Copies a bundle into the registry under its own name and version and checks every file there. The same bundle again changes
 * nothing. @returns its folder. @throws BundleError when the version is taken by another bundle, or a file is damaged.
 */
export async function publish(registry: string, bundle: Bundle): Promise<string> {
  const { name, version } = bundle;
  if (!VERSION.test(version)) throw new BundleError('MANIFEST_INVALID', `"${version}" can't name a folder`);
  const folder = join(registry, name, version);
  if (await exists(folder)) {
    const known = await openBundle(folder);
    if (sameFiles(known, bundle)) return folder;
    throw new BundleError(
      'MANIFEST_INVALID',
      `${folder} is another bundle: give the candidate a version of its own`,
    );
  }
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await cp(bundle.path, partial, { recursive: true, dereference: true });
  await openBundle(partial);
  await rename(partial, folder);
  return folder;
}

/**
 * Makes a published version the one that serves; rolling back is the same with the version before.
 * @returns the version that served until now; undefined for the first.
 * @throws BundleError when the version isn't there whole.
 */
export async function promote(registry: string, name: string, version: string): Promise<string | undefined> {
  const modelFolder = join(registry, name);
  await openBundle(join(modelFolder, version));
  const previous = await productionVersion(modelFolder);
  const pointer = join(modelFolder, PRODUCTION_FILE);
  await writeFile(`${pointer}.partial`, `${version}\n`);
  await rename(`${pointer}.partial`, pointer);
  return previous;
}

const sameFiles = (a: Bundle, b: Bundle): boolean => {
  const digests = ({ manifest: { roles } }: Bundle) =>
    JSON.stringify(Object.entries(roles).map(([role, { files, config }]) => [role, files, config]));
  return digests(a) === digests(b);
};
