/** WebDataset shards: scenes as tar files of `<key>.json` and `<key>[.size].png`, identical for identical seeds. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { composeScene } from './compose.ts';
import { rasterise } from './render.ts';
import type { Domain } from './scene.ts';

export interface ShardRequest {
  /** Folder the shards go to; made when missing. */
  out: string;
  /** Number of the shard, part of its file name. */
  index: number;
  /** Seed of the shard's first scene; the others follow one by one. */
  firstSeed: number;
  /** Scenes in this shard. */
  count: number;
  /** Edge lengths in pixels; 64 is written as `<key>.png`, others as `<key>.<size>.png`. */
  sizes: readonly number[];
  domain?: Domain;
}

/** All members carry this time, so that the same seeds give the same bytes. */
const MTIME = new Date(0);

export const shardName = (index: number): string => `shard-${String(index).padStart(5, '0')}.tar`;

/**
 * Split `count` scenes from `seed` on into shards of `shardSize`.
 * Which worker writes which shard changes nothing in it.
 */
export function planShards(
  options: Omit<ShardRequest, 'index' | 'firstSeed'> & { seed: number; shardSize: number },
): ShardRequest[] {
  const { seed, shardSize, count, ...rest } = options;
  return Array.from({ length: Math.ceil(count / shardSize) }, (_, index) => ({
    ...rest,
    index,
    firstSeed: seed + index * shardSize,
    count: Math.min(shardSize, count - index * shardSize),
  }));
}

/** Write one shard under a temporary name, then rename it: a reader never sees half of one. Gives its path. */
export async function writeShard(request: ShardRequest): Promise<string> {
  sharp.concurrency(1);
  await mkdir(request.out, { recursive: true });
  const path = join(request.out, shardName(request.index));
  const part = `${path}.part`;
  const tar = pack();
  const written = pipeline(tar, createWriteStream(part));
  const add = (name: string, body: Buffer): void => {
    tar.entry({ name, mtime: MTIME, mode: 0o644 }, body);
  };
  try {
    for (let seed = request.firstSeed; seed < request.firstSeed + request.count; seed++) {
      const scene = composeScene(seed, request.domain ? { domain: request.domain } : {});
      const key = String(seed).padStart(9, '0');
      const { domain, attributes, captions } = scene;
      add(`${key}.json`, Buffer.from(JSON.stringify({ key, seed, domain, attributes, captions })));
      for (const size of request.sizes) {
        const png = await rasterise(scene.svg, size).png({ compressionLevel: 2 }).toBuffer();
        add(`${key}${size === 64 ? '' : `.${size}`}.png`, png);
      }
    }
  } finally {
    tar.finalize();
    await written;
  }
  await rename(part, path);
  return path;
}
