/** Stage 2: pairs of pictures that are the same to the eye. */
import { setImmediate as turn } from 'node:timers/promises';
import { HASH_BYTES, HASH_WORDS, WHOLE } from '../image/perceptual-hash.ts';
import {
  type Probe,
  probesOf,
  SIGNATURE_BYTES,
  type Signature,
  unpackSignature,
} from '../image/signature.ts';
import { bestFit, type Fit } from '../near/align.ts';
import { HashIndex } from '../near/hash-index.ts';
import { cellOf, looksInto, type NearPlan } from '../near/partition.ts';
import { FILES, type Run } from '../run.ts';
import { readJson, toLines } from '../store/store.ts';
import { similarPairs } from './similar.ts';

/** A picture by its chunk and its place among the chunk's signatures. */
export type Place = [chunk: number, signature: number];

export interface NearPair {
  a: Place;
  b: Place;
  /** Bits in which the hashes differ, 0..256. */
  bits: number;
  /** Differences of colour after aligning; null for a pair that embeddings say is one. */
  fit: Fit | null;
}

/** Bits within which a whole picture may be another, and within which a window may: pixels decide. */
const WHOLE_BITS = 64;
const WINDOW_BITS = 76;
/**
 * Whether two pictures that lie on each other are one. Where the hashes hardly differ, brightness, contrast and colour may
 * have been edited; where they differ much, it is a crop, which leaves less than this where it fits.
 */
function isSame({ mean, worst }: Fit, bits: number): boolean {
  if (bits <= EDITED.bits && mean <= EDITED.mean && worst <= EDITED.worst) return true;
  return mean <= CROPPED.mean && worst <= CROPPED.worst;
}

const EDITED = { bits: 16, mean: 0.065, worst: 0.16 };
const CROPPED = { mean: 0.022, worst: 0.065 };

/** Signatures read for comparing that are kept, at 11 KiB each. */
const CACHED = 4_096;

export async function findNear(run: Run, index: number): Promise<void> {
  const { store } = run;
  const plan = await readJson<NearPlan>(store, FILES.nearPlan);
  const task = plan.tasks[index];
  if (!task) throw new RangeError(`no near-duplicate task ${index}`);
  const { cell, fromChunk, toChunk } = task;
  const { places, hashes } = await loadCell(run, cell, plan.cellBits);
  const search = new HashIndex(hashes);
  const signatures = new SignatureCache(run);
  const pairs: NearPair[] = [];
  for (let chunk = fromChunk; chunk < toChunk; chunk++) {
    const packed = await store.read(FILES.signatures(chunk));
    for (let at = 0; at * SIGNATURE_BYTES < packed.length; at++) {
      // A long search must not keep the process from its heartbeats.
      if (at % 16 === 0) await turn();
      const mine = unpackSignature(packed.subarray(at * SIGNATURE_BYTES, (at + 1) * SIGNATURE_BYTES));
      for (const [entry, { probe, bits }] of candidates(mine, search, task.cell, plan.cellBits)) {
        const other: Place = [places[2 * entry] as number, places[2 * entry + 1] as number];
        const order = other[0] - chunk || other[1] - at;
        // Whole pictures find each other both ways; once is enough.
        if (order === 0 || (probe.window === WHOLE && order > 0)) continue;
        const fit = bestFit(
          (await signatures.get(other)).thumb,
          mine.thumb,
          probe.orientation,
          probe.window,
          0.01,
        );
        if (isSame(fit, bits)) pairs.push({ a: other, b: [chunk, at], bits, fit });
      }
    }
  }
  if (run.options.nearCosine > 0) pairs.push(...(await similarPairs(run, task, plan.cellBits)));
  await store.write(FILES.near(index), toLines(pairs));
}

/** The best probe for each entry that one finds. */
function candidates(mine: Signature, search: HashIndex, cell: number, cellBits: number) {
  const best = new Map<number, { probe: Probe; bits: number }>();
  for (const probe of probesOf(mine)) {
    if (!looksInto(probe.hash[0] as number, cell, cellBits)) continue;
    const within = probe.window === WHOLE ? WHOLE_BITS : WINDOW_BITS;
    search.search(probe.hash, within, (entry, bits) => {
      if (bits < (best.get(entry)?.bits ?? 257)) best.set(entry, { probe, bits });
    });
  }
  return best;
}

/** The hashes of a cell, and for each its chunk and place. */
async function loadCell({ store }: Run, cell: number, cellBits: number) {
  const files = (await store.list('work/examined/')).filter((name) => name.endsWith('.hashes'));
  let room = 1_024;
  let count = 0;
  let hashes = new Uint32Array(room * HASH_WORDS);
  let places = new Uint32Array(room * 2);
  for (const [chunk, name] of files.entries()) {
    const packed = await store.read(name);
    for (let at = 0; at * HASH_BYTES < packed.length; at++) {
      if (cellOf(packed.readUInt32LE(at * HASH_BYTES), cellBits) !== cell) continue;
      if (count === room) {
        room *= 2;
        hashes = grown(hashes, room * HASH_WORDS);
        places = grown(places, room * 2);
      }
      for (let word = 0; word < HASH_WORDS; word++)
        hashes[count * HASH_WORDS + word] = packed.readUInt32LE(at * HASH_BYTES + 4 * word);
      places.set([chunk, at], 2 * count);
      count += 1;
    }
  }
  return { hashes: hashes.subarray(0, count * HASH_WORDS), places };
}

function grown(from: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length);
  larger.set(from);
  return larger;
}

/** Signatures of other pictures, the last few kept. */
class SignatureCache {
  readonly #run: Run;
  readonly #known = new Map<string, Signature>();

  constructor(run: Run) {
    this.#run = run;
  }

  async get([chunk, place]: Place): Promise<Signature> {
    const key = `${chunk}:${place}`;
    const known = this.#known.get(key);
    if (known) return known;
    const read = await this.#run.store.readRange(
      FILES.signatures(chunk),
      place * SIGNATURE_BYTES,
      SIGNATURE_BYTES,
    );
    const signature = unpackSignature(read);
    if (this.#known.size >= CACHED) this.#known.delete(this.#known.keys().next().value as string);
    this.#known.set(key, signature);
    return signature;
  }
}
