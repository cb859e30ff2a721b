/**
 * Multi-index hashing (Norouzi, Punjani, Fleet: "Fast search in Hamming space with multi-index hashing", 2012): hashes are
 * filed by each of their 16 bands of 16 bits; a query looks only at those that share a band with it to within one bit.
 * Every hash within 31 bits is found; farther ones with a likelihood that falls with the distance.
 * Memory: 100 bytes a hash (32 for the hash, 64 for its 16 places) in flat arrays, none on the JavaScript heap.
 */
import { distance, HASH_WORDS } from '../image/perceptual-hash.ts';

const BANDS = 16;
const BUCKETS = 65_536;

const ONE_BIT = Array.from({ length: 16 }, (_, bit) => 1 << bit);
/** What a band may differ in, by how many bits at most. */
const FLIPS = {
  1: Uint16Array.of(0, ...ONE_BIT),
  2: Uint16Array.from(
    new Set([0, ...ONE_BIT.flatMap((one) => [one, ...ONE_BIT.map((other) => one ^ other)])]),
  ),
} as const;

const band = (hashes: Uint32Array, at: number, b: number): number =>
  ((hashes[at + (b >> 1)] as number) >>> (16 * (b & 1))) & 0xffff;

/** The entries of one band, bucket by bucket. */
interface Filed {
  /** Where each bucket begins in `places`; one more for the end. */
  starts: Uint32Array;
  places: Uint32Array;
  /** A bit for each bucket that holds anything: 8 KB, which a processor has at hand when it has not the starts. */
  taken: Uint32Array;
}

/** Counting sort by bucket. */
function fileBand(hashes: Uint32Array, b: number): Filed {
  const count = hashes.length / HASH_WORDS;
  const starts = new Uint32Array(BUCKETS + 1);
  const places = new Uint32Array(count);
  const taken = new Uint32Array(BUCKETS / 32);
  for (let i = 0; i < count; i++) {
    const bucket = band(hashes, i * HASH_WORDS, b);
    starts[bucket] = (starts[bucket] as number) + 1;
    taken[bucket >>> 5] = (taken[bucket >>> 5] as number) | (1 << (bucket & 31));
  }
  let end = 0;
  for (let bucket = 0; bucket <= BUCKETS; bucket++) {
    end += starts[bucket] as number;
    starts[bucket] = end;
  }
  // From the last entry and from each bucket's end: what is left are the beginnings.
  for (let i = count - 1; i >= 0; i--) {
    const bucket = band(hashes, i * HASH_WORDS, b);
    const place = (starts[bucket] as number) - 1;
    starts[bucket] = place;
    places[place] = i;
  }
  return { starts, places, taken };
}

export class HashIndex {
  readonly #hashes: Uint32Array;
  readonly #bands: Filed[];
  /** Which query saw an entry last: an entry is compared once. */
  readonly #seen: Uint32Array;
  /** Entries above which a bucket says nothing: plain pictures share the bands that are all 0. */
  readonly #crowd: number;
  #query = 0;

  /** @param hashes 8 words for each entry, one after the other. */
  constructor(hashes: Uint32Array) {
    const count = hashes.length / HASH_WORDS;
    this.#hashes = hashes;
    this.#seen = new Uint32Array(count);
    this.#crowd = Math.max(512, count / 256);
    this.#bands = Array.from({ length: BANDS }, (_, b) => fileBand(hashes, b));
  }

  /**
   * Calls `found` with every entry within `within` bits that shares a band with `hash` to `slack` bits; in no order. Of entries
   * 60 bits away a slack of 1 finds three quarters, of 2, for eight times the work, all but an eightieth.
   */
  search(
    hash: Uint32Array,
    within: number,
    found: (entry: number, bits: number) => void,
    slack: 1 | 2 = 1,
  ): void {
    this.#query += 1;
    const flips = FLIPS[slack];
    for (let b = 0; b < BANDS; b++) {
      const value = band(hash, 0, b);
      const filed = this.#bands[b] as Filed;
      for (let i = 0; i < flips.length; i++) {
        const bucket = value ^ (flips[i] as number);
        if ((filed.taken[bucket >>> 5] as number) & (1 << (bucket & 31)))
          this.#look(filed, bucket, hash, within, found);
      }
    }
  }

  #look(
    { starts, places }: Filed,
    bucket: number,
    hash: Uint32Array,
    within: number,
    found: (entry: number, bits: number) => void,
  ): void {
    const start = starts[bucket] as number;
    const end = starts[bucket + 1] as number;
    if (end - start > this.#crowd) return;
    for (let place = start; place < end; place++) {
      const entry = places[place] as number;
      if (this.#seen[entry] === this.#query) continue;
      this.#seen[entry] = this.#query;
      const bits = distance(hash, this.#hashes, entry * HASH_WORDS);
      if (bits <= within) found(entry, bits);
    }
  }
}
