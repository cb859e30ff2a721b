/** Pairs of pictures whose embeddings say that they are one, found with the index of hashes, decided by the cosine. */
import { setImmediate as turn } from 'node:timers/promises';
import { cosine } from '@atelier/vision-language';
import { HASH_WORDS } from '../image/perceptual-hash.ts';
import { HashIndex } from '../near/hash-index.ts';
import { cellOf, looksInto, type NearPlan } from '../near/partition.ts';
import { bitsWithin, createSimHash } from '../near/sim-hash.ts';
import { FILES, type Run } from '../run.ts';
import type { NearPair, Place } from './near.ts';

const FLOAT_BYTES = 4;

/** @param task one cell, searched for the pictures of some chunks; each pair once. */
export async function similarPairs(
  run: Run,
  { cell, fromChunk, toChunk }: NearPlan['tasks'][number],
  cellBits: number,
): Promise<NearPair[]> {
  const { entries, hashes } = await cellEntries(run, cell, cellBits);
  const search = new HashIndex(hashes);
  const within = bitsWithin(run.options.nearCosine);
  const pairs: NearPair[] = [];
  for (let chunk = fromChunk; chunk < toChunk; chunk++) {
    for (const [at, { hash, embedding }] of (await embeddingsOf(run, chunk)).entries()) {
      if (at % 16 === 0) await turn();
      if (!looksInto(hash[0] as number, cell, cellBits)) continue;
      search.search(hash, within, (entry, bits) => {
        const other = entries[entry] as Entry;
        const earlier = (other.place[0] - chunk || other.place[1] - at) < 0;
        if (earlier && cosine(other.embedding, embedding) >= run.options.nearCosine)
          pairs.push({ a: other.place, b: [chunk, at], bits, fit: null });
      });
    }
  }
  // The index finds in no order; a task's file must not depend on it.
  return pairs.sort((x, y) => x.b[0] - y.b[0] || x.b[1] - y.b[1] || x.a[0] - y.a[0] || x.a[1] - y.a[1]);
}

interface Entry {
  place: Place;
  embedding: Float32Array;
}

async function cellEntries(run: Run, cell: number, cellBits: number) {
  const entries: Entry[] = [];
  const hashes: Uint32Array[] = [];
  const chunks = (await run.store.list('work/examined/')).filter((name) => name.endsWith('.hashes')).length;
  for (let chunk = 0; chunk < chunks; chunk++)
    for (const [at, { hash, embedding }] of (await embeddingsOf(run, chunk)).entries()) {
      if (cellOf(hash[0] as number, cellBits) !== cell) continue;
      entries.push({ place: [chunk, at], embedding });
      hashes.push(hash);
    }
  const flat = new Uint32Array(hashes.length * HASH_WORDS);
  for (const [i, hash] of hashes.entries()) flat.set(hash, i * HASH_WORDS);
  return { entries, hashes: flat };
}

/** The embeddings of a chunk's pictures in the order of its signatures, with their hashes. */
async function embeddingsOf({ store }: Run, chunk: number) {
  const bytes = await store.read(FILES.embeddings(chunk));
  const count = ((await store.size(FILES.hashes(chunk))) ?? 0) / (HASH_WORDS * 4);
  if (bytes.length === 0) return [];
  const dim = bytes.length / FLOAT_BYTES / count;
  const floats = new Float32Array(new Uint8Array(bytes).buffer);
  const simHash = createSimHash(dim);
  return Array.from({ length: count }, (_, i) => {
    const embedding = floats.slice(i * dim, (i + 1) * dim);
    return { embedding, hash: simHash(embedding) };
  });
}
