/** What tells bundles apart whatever they are called. */
import { createHash } from 'node:crypto';
import type { Bundle } from '@atelier/models';

/** Of all files, settings and profiles of a bundle; names, versions and measured figures don't count. 12 hexadecimal digits. */
export function bundleDigest({ manifest: { roles, profiles, languages } }: Bundle): string {
  const files = Object.entries(roles)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([role, { files, config }]) => [
      role,
      Object.entries(files).map(([key, file]) => [key, file.sha256]),
      config,
    ]);
  return createHash('sha256')
    .update(JSON.stringify([files, profiles, languages]))
    .digest('hex')
    .slice(0, 12);
}
