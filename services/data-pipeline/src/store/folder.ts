import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Store } from './store.ts';

/** A folder on this machine, or one that all workers mount. */
export function folderStore(folder: string): Store {
  const root = resolve(folder);
  const path = (name: string): string => join(root, name);
  return {
    where: root,
    async list(prefix = '') {
      const names: string[] = [];
      const walk = async (below: string): Promise<void> => {
        const entries = await readdir(path(below), { withFileTypes: true }).catch(orNothing);
        for (const entry of entries) {
          const name = below === '' ? entry.name : `${below}/${entry.name}`;
          if (entry.isDirectory()) await walk(name);
          else if (entry.isFile() && name.startsWith(prefix) && !name.endsWith(PART)) names.push(name);
        }
      };
      const slash = prefix.lastIndexOf('/');
      await walk(slash < 0 ? '' : prefix.slice(0, slash));
      return names.sort();
    },
    read: (name) => readFile(path(name)),
    async readRange(name, offset, length) {
      const file = await open(path(name));
      try {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    async size(name) {
      const found = await stat(path(name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
        throw error;
      });
      return found?.isFile() ? found.size : null;
    },
    async write(name, bytes) {
      const target = path(name);
      await mkdir(dirname(target), { recursive: true });
      const part = `${target}.${randomUUID()}${PART}`;
      await writeFile(part, bytes);
      await rename(part, target);
    },
  };
}

/** Ends the names of files that are not whole yet. */
const PART = '.part';

function orNothing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
