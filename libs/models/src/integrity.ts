import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { BundleError } from './errors.ts';
import type { ManifestFile } from './manifest.ts';

/**
 * Checks that the file at `path` is the one the manifest means: present, of the right size, of the right SHA-256
 * (read as a stream, about 1 GB/s). Throws BundleError naming the file.
 */
export async function verifyFile(path: string, expected: ManifestFile): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    (cause: unknown) => {
      throw new BundleError('FILE_MISSING', `The bundle's file ${path} is missing or cannot be read`, cause);
    },
  );
  if (size !== expected.bytes) {
    throw new BundleError(
      'FILE_DAMAGED',
      `The bundle's file ${path} has ${size} bytes, the manifest says ${expected.bytes}`,
    );
  }
  const found = await digestOf(path);
  if (found !== expected.sha256) {
    throw new BundleError(
      'FILE_DAMAGED',
      `The bundle's file ${path} has SHA-256 ${found}, the manifest says ${expected.sha256}`,
    );
  }
}

/** SHA-256 of a file, 64 lower-case hexadecimal digits. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
