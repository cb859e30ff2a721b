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
import { bestFit } from '../near/align.ts';
import type { Fit } from '../near/fit.ts';
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

/** Bits within which a picture, or a window of it, may be another: pixels decide. */
const REACH_BITS = 76;
/** Probes of a picture that are laid over a candidate, those with the nearest hashes first, until one fits. */
const TRIES = 3;
/** Mean difference of the first above which the others are not tried: far from anything alike. */
const HOPELESS = 0.1;

/**
 * Whether two pictures that lie on each other are one. Where hashes hardly differ, brightness, contrast and colour may have
 * been edited. Else what counts is what only one of them shows: nothing in a crop, a little where something was written
 * over a picture or compression spoilt it.
 */
function isSame({ mean, worst, strange }: Fit, bits: number): boolean {
  if (bits <= EDITED.bits && mean <= EDITED.mean && worst <= EDITED.worst) return true;
  if (strange <= CROPPED.strange && mean <= CROPPED.mean) return true;
  return strange <= SPOILT.strange && mean <= (bits <= SPOILT.bits ? SPOILT.mean : SPOILT.farMean);
}

const EDITED = { bits: 20, mean: 0.065, worst: 0.16 };
const CROPPED = { mean: 0.04, strange: 0.0015 };
const SPOILT = { bits: 32, mean: 0.022, farMean: 0.007, strange: 0.005 };

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
      for (const [entry, looks] of candidates(mine, search, task.cell, plan.cellBits)) {
        const other: Place = [places[2 * entry] as number, places[2 * entry + 1] as number];
        const order = other[0] - chunk || other[1] - at;
        // Whole pictures find each other both ways; once is enough.
        if (order === 0 || (looks[0]?.probe.window === WHOLE && order > 0)) continue;
        const theirs = await signatures.get(other);
        for (const { probe, bits } of looks) {
          const fit = bestFit(theirs.thumb, mine.thumb, probe.orientation, probe.window, 0.01);
          const same = isSame(fit, bits);
          if (same) pairs.push({ a: other, b: [chunk, at], bits, fit });
          if (same || fit.mean > HOPELESS) break;
        }
      }
    }
  }
  if (run.options.nearCosine > 0) pairs.push(...(await similarPairs(run, task, plan.cellBits)));
  await store.write(FILES.near(index), toLines(pairs));
}

interface Look {
  probe: Probe;
  bits: number;
}

/** For each entry that a probe finds, the best of them, nearest first. */
function candidates(mine: Signature, search: HashIndex, cell: number, cellBits: number) {
  const looks = new Map<number, Look[]>();
  for (const probe of probesOf(mine)) {
    if (!looksInto(probe.hash[0] as number, cell, cellBits)) continue;
    const found = (entry: number, bits: number): void => {
      const list = looks.get(entry) ?? [];
      looks.set(entry, list);
      list.push({ probe, bits });
    };
    // Words over a plain picture are most of what its hash sees: copies as they are lie far off, and one probe costs little.
    const asItIs = probe.window === WHOLE && probe.orientation === 0;
    search.search(probe.hash, REACH_BITS, found, asItIs ? 2 : 1);
  }
  for (const [entry, list] of looks)
    looks.set(entry, list.sort((one, other) => one.bits - other.bits).slice(0, TRIES));
  return looks;
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
