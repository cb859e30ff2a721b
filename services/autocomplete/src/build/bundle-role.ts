/** Putting the index into a bundle: the file, and its entry in the manifest. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, ManifestSchema } from '@atelier/models';

const PATH = 'prompt_index/index.en.gz';

/** Write the index into the bundle's folder and register it under the role prompt_index. The manifest must exist. */
export async function writeRole(
  bundle: string,
  index: Buffer,
  config: Record<string, unknown>,
): Promise<void> {
  const manifestPath = join(bundle, MANIFEST_FILE);
  const manifest = ManifestSchema.parse(JSON.parse(await readFile(manifestPath, 'utf8')));
  manifest.roles.prompt_index = {
    files: {
      index: {
        path: PATH,
        sha256: createHash('sha256').update(index).digest('hex'),
        bytes: index.length,
      },
    },
    config,
  };
  await mkdir(join(bundle, 'prompt_index'), { recursive: true });
  await writeFile(join(bundle, PATH), index);
  await writeFile(`${manifestPath}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${manifestPath}.new`, manifestPath);
}
