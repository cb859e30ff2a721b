/**
 * WebDataset shards: scenes as tar files of `<key>.json` and `<key>[.size].png`, identical for identical seeds; with stand-ins also
 * `<key>.layer.png`, what was added as RGBA of 64×64, to be laid over other scenes.
 */
import { join } from 'node:path';
import sharp from 'sharp';
import { composeScene } from './compose.ts';
import { rasterise, rasteriseLayer } from './render.ts';
import type { Attributes, Domain } from './scene.ts';
import { composeStandInScene } from './stand-ins/compose.ts';
import { shardName, type TarMember, writeTar } from './tar-shard.ts';

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
  /** Attributes that every scene has, for more of what is rare; they need `domain`. */
  fixed?: Attributes;
  /** With stand-ins for harm drawn into half of the scenes, for training classifiers. */
  standIns?: boolean;
}

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

/** Write one shard; a reader never sees half of one. Gives its path. */
export async function writeShard(request: ShardRequest): Promise<string> {
  sharp.concurrency(1);
  const path = join(request.out, shardName(request.index));
  await writeTar(path, members(request));
  return path;
}

async function* members(request: ShardRequest): AsyncGenerator<TarMember> {
  for (let seed = request.firstSeed; seed < request.firstSeed + request.count; seed++) {
    const standIns = request.standIns ? composeStandInScene(seed) : undefined;
    const { domain: only, fixed } = request;
    const scene = standIns ?? composeScene(seed, { ...(only && { domain: only }), ...(fixed && { fixed }) });
    const key = String(seed).padStart(9, '0');
    const { domain, attributes, captions } = scene;
    yield {
      name: `${key}.json`,
      body: Buffer.from(JSON.stringify({ key, seed, domain, attributes, captions })),
    };
    for (const size of request.sizes) {
      const body = await rasterise(scene.svg, size).png({ compressionLevel: 2 }).toBuffer();
      yield { name: `${key}${size === 64 ? '' : `.${size}`}.png`, body };
    }
    if (standIns) {
      const body = await rasteriseLayer(standIns.layer, 64).png({ compressionLevel: 2 }).toBuffer();
      yield { name: `${key}.layer.png`, body };
    }
  }
}
