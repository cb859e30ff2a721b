/** Putting the index into a bundle: the file, and its entry in the manifest. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, ManifestSchema } from '@atelier/models';
import type { z } from 'zod';

/** The role's files by their key in the manifest, with their place in the bundle. */
const PATHS = { index: 'prompt_index/index.en.gz', ngrams: 'prompt_index/ngrams.en.gz' };

/** Write files into the bundle's folder and register them under the role prompt_index. The manifest must exist. */
export async function writeRole(
  bundle: string,
  contents: Partial<Record<keyof typeof PATHS, Buffer>>,
  config: Record<string, unknown>,
): Promise<void> {
  const manifestPath = join(bundle, MANIFEST_FILE);
  const json: unknown = JSON.parse(await readFile(manifestPath, 'utf8'));
  ManifestSchema.parse(json);
  const manifest = json as z.input<typeof ManifestSchema>; // as it stands, without what reading it fills in
  await mkdir(join(bundle, 'prompt_index'), { recursive: true });
  const files: Record<string, { path: string; sha256: string; bytes: number }> = {};
  for (const [key, content] of Object.entries(contents)) {
    const path = PATHS[key as keyof typeof PATHS];
    const sha256 = createHash('sha256').update(content).digest('hex');
    files[key] = { path, sha256, bytes: content.length };
    await writeFile(join(bundle, path), content);
  }
  manifest.roles.prompt_index = { files, config };
  await writeFile(`${manifestPath}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${manifestPath}.new`, manifestPath);
}
