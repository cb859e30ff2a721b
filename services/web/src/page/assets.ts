/** The files of the page, read once: TypeScript loses its types here, so there is no build step. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface Asset {
  type: string;
  bytes: Uint8Array;
  gzip: Uint8Array;
  etag: string;
}

/** By path of the address. What is not in here is not served, whatever a path says. */
export type Assets = ReadonlyMap<string, Asset>;

const FOLDER = join(import.meta.dirname, '../../page');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};
const pack = promisify(gzip);

export async function loadPage(folder = FOLDER): Promise<Assets> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const assets = new Map<string, Asset>();
  for (const file of files) {
    const type = TYPES[extname(file.name)];
    if (!file.isFile() || !type) continue;
    const path = join(file.parentPath, file.name);
    const bytes = await contentOf(path);
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    const name = `/${relative(folder, path).replaceAll('\\', '/')}`;
    assets.set(name === '/index.html' ? '/' : name, { type, bytes, gzip: await pack(bytes), etag });
  }
  return assets;
}

async function contentOf(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  return path.endsWith('.ts')
    ? Buffer.from(stripTypeScriptTypes(bytes.toString(), { mode: 'strip' }))
    : bytes;
}
