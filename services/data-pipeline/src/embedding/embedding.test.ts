/// <reference lib="esnext.float16" />
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TextReader } from '@atelier/vision-language';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderStore } from '../store/folder.ts';
import { cachingEmbedder } from './cache.ts';
import { embeddingMembers } from './members.ts';
import { npyFloat16 } from './npy.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-embedding-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An encoder of two tokens of three numbers that counts what it reads. */
function counting(sha256: string): TextReader & { reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    identity: { name: 'test/text_encoder', version: '1', sha256 },
    async read(text) {
      reads.push(text);
      const tokens = Float32Array.from({ length: 6 }, (_, i) => text.length + i / 4);
      return { tokens, length: 2, dim: 3, pooled: Float32Array.of(text.length, 0.5, -1) };
    },
    close: async () => {},
  };
}

test('a wording is embedded once for each model, over any number of runs', async () => {
  const store = folderStore(join(folder, 'cache'));
  const [first, second, other] = [
    counting('a'.repeat(64)),
    counting('a'.repeat(64)),
    counting('b'.repeat(64)),
  ];
  const one = await cachingEmbedder(store, first).embed('two boats');
  const again = cachingEmbedder(store, second);
  expect(await again.embed('two boats')).toEqual(one);
  await again.embed('three boats');
  expect(again.counts).toEqual({ found: 1, computed: 1 });
  await cachingEmbedder(store, other).embed('two boats');
  expect([first.reads, second.reads, other.reads]).toEqual([['two boats'], ['three boats'], ['two boats']]);
  expect([...one.pooled]).toEqual([9, 0.5, -1]);
});

test('a pair brings the embeddings of its captions in their order', async () => {
  const embedder = cachingEmbedder(folderStore(join(folder, 'members')), counting('c'.repeat(64)));
  const [tokens, pooled] = await embeddingMembers('k', ['ab', 'abcd'], embedder);
  expect([tokens?.name, pooled?.name]).toEqual(['k.tokens.npy', 'k.pooled.npy']);
  const body = pooled?.body as Buffer;
  expect(body.subarray(10, 128).toString('latin1')).toContain("'shape': (2, 3)");
  expect([...new Float16Array(new Uint8Array(body.subarray(128)).buffer)]).toEqual([2, 0.5, -1, 4, 0.5, -1]);
});

test('values that are not the shape are refused', () => {
  expect(() => npyFloat16([2, 2], new Float32Array(3))).toThrow('3 values');
});

const python = process.env.ATELIER_TRAINER_PYTHON;
test.skipIf(!python)('NumPy reads the file (ATELIER_TRAINER_PYTHON)', async () => {
  const file = join(folder, 'a.npy');
  await writeFile(file, npyFloat16([2, 1, 3], Float32Array.of(1, 2, 3, 4, 5, 0.25)));
  const read = execFileSync(python as string, ['-c', `import numpy; print(numpy.load("${file}").tolist())`]);
  expect(JSON.parse(read.toString())).toEqual([[[1, 2, 3]], [[4, 5, 0.25]]]);
});
