import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@atelier/scenes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HASH_BYTES } from '../image/perceptual-hash.ts';
import { bitsWithin, createSimHash } from '../near/sim-hash.ts';
import { DEFAULTS, FILES, type Run } from '../run.ts';
import { folderStore } from '../store/folder.ts';
import { similarPairs } from './similar.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-similar-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const DIM = 64;
const random = createRandom('similar');

function unit(values: number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}
const anywhere = (): number[] => Array.from({ length: DIM }, () => random.range(-1, 1));
const beside = (from: Float32Array, by: number): Float32Array =>
  unit([...from].map((value) => value + (by * random.range(-1, 1)) / Math.sqrt(DIM)));

test('bits differ by the share of the angle', () => {
  const hash = createSimHash(DIM);
  const a = unit(anywhere());
  const bits = (b: Float32Array): number => {
    const [one, other] = [hash(a), hash(b)];
    return one.reduce((sum, word, i) => {
      const differing = ((word ^ (other[i] as number)) >>> 0).toString(2).replaceAll('0', '');
      return sum + differing.length;
    }, 0);
  };
  expect(bits(a)).toBe(0);
  expect(bits(a.map((value) => -value))).toBe(256);
  expect(bitsWithin(1)).toBe(0);
  expect(bitsWithin(0.97)).toBeGreaterThan(20);
});

test.each([1_000_000, 40])(
  'finds what is similar and nothing else, with %i hashes a cell',
  async (perCell) => {
    const store = folderStore(join(folder, String(perCell)));
    const originals = Array.from({ length: 60 }, () => unit(anywhere()));
    const copies = originals.slice(0, 10).map((embedding) => beside(embedding, 0.15));
    for (const [chunk, embeddings] of [originals, copies].entries()) {
      await store.write(
        FILES.embeddings(chunk),
        Buffer.concat(embeddings.map((e) => new Uint8Array(e.slice().buffer))),
      );
      await store.write(FILES.hashes(chunk), Buffer.alloc(embeddings.length * HASH_BYTES));
    }
    const options = { ...DEFAULTS, input: '', out: folder, nearCosine: 0.97 };
    const run: Run = { store, options };
    const cellBits = perCell > 70 ? 0 : 2;
    const found = new Set<string>();
    for (let cell = 0; cell < 2 ** cellBits; cell++)
      for (const { a, b } of await similarPairs(run, { cell, fromChunk: 0, toChunk: 2 }, cellBits))
        found.add(`${a}-${b}`);
    expect([...found].sort()).toEqual(copies.map((_, i) => `0,${i}-1,${i}`).sort());
  },
);
