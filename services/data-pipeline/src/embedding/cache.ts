/// <reference lib="esnext.float16" />
/** Caption embeddings, computed once for each model and wording: in one place for any number of runs. */
import { createHash } from 'node:crypto';
import type { TextReader } from '@atelier/vision-language';
import type { Store } from '../store/store.ts';
import { littleEndian } from './npy.ts';

/** `tokens` is [length, dim] row by row, `pooled` [dim]; float16. */
export interface CaptionEmbedding {
  tokens: Float16Array;
  length: number;
  dim: number;
  pooled: Float16Array;
}

export interface CaptionEmbedder {
  embed(text: string): Promise<CaptionEmbedding>;
  /** How often an embedding was there already, and how often it was computed. */
  readonly counts: { found: number; computed: number };
}

/** By model version (the SHA-256 of its file) and the caption's SHA-256, so another model never reads these. */
export function cachingEmbedder(store: Store, reader: TextReader): CaptionEmbedder {
  const counts = { found: 0, computed: 0 };
  return {
    counts,
    async embed(text) {
      const name = nameOf(reader.identity.sha256, text);
      if ((await store.size(name)) !== null) {
        counts.found += 1;
        return unpacked(await store.read(name));
      }
      const { tokens, length, dim, pooled } = await reader.read(text);
      const packed = Buffer.concat([
        Buffer.from(Uint32Array.of(length, dim).buffer),
        littleEndian(Float16Array.from(tokens)),
        littleEndian(Float16Array.from(pooled)),
      ]);
      await store.write(name, packed);
      counts.computed += 1;
      return unpacked(packed);
    },
  };
}

function nameOf(model: string, text: string): string {
  const hash = createHash('sha256').update(text).digest('hex');
  return `${model.slice(0, 16)}/${hash.slice(0, 2)}/${hash}`;
}

function unpacked(packed: Buffer): CaptionEmbedding {
  const [length, dim] = [packed.readUInt32LE(0), packed.readUInt32LE(4)];
  const bytes = new Uint8Array(packed.subarray(8)).buffer;
  return {
    tokens: new Float16Array(bytes, 0, length * dim),
    length,
    dim,
    pooled: new Float16Array(bytes, 2 * length * dim, dim),
  };
}
