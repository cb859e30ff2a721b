/** A WebDataset shard as a tar file: the same members give the same bytes, and the name stands only for a whole file. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';

/** All members carry this time, so that the same content gives the same bytes. */
const MTIME = new Date(0);

/** One file in a shard: `<key>.<what it is>`. */
export interface TarMember {
  name: string;
  body: Buffer;
}

/** The number-th shard of a set. */
export const shardName = (index: number): string => `shard-${String(index).padStart(5, '0')}.tar`;

/** The tar of the members as a stream, made as it is read. A failure of the members is one of the stream. */
export function tarStream(members: AsyncIterable<TarMember> | Iterable<TarMember>): Readable {
  const tar = pack();
  const fill = async (): Promise<void> => {
    for await (const { name, body } of members) {
      await new Promise<void>((resolve, reject) => {
        tar.entry({ name, mtime: MTIME, mode: 0o644 }, body, (error) => (error ? reject(error) : resolve()));
      });
    }
    tar.finalize();
  };
  fill().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  return tar as unknown as Readable;
}

/** Write a tar under a temporary name, then rename it: a reader never sees half of one. */
export async function writeTar(
  path: string,
  members: AsyncIterable<TarMember> | Iterable<TarMember>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  await pipeline(tarStream(members), createWriteStream(part));
  await rename(part, path);
}
