/**
 * Embeddings as 256 bits whose differing share is their angle over π (Charikar: "Similarity estimation techniques from
 * rounding algorithms", 2002), so that the index of perceptual hashes finds similar embeddings too.
 */
import { createRandom } from '@atelier/scenes';
import { HASH_WORDS } from '../image/perceptual-hash.ts';

const BITS = 32 * HASH_WORDS;

/** Signs of 256 random directions; the same for every run. */
export function createSimHash(dim: number): (embedding: Float32Array) => Uint32Array {
  const random = createRandom('sim-hash');
  const directions = Int8Array.from({ length: BITS * dim }, () => (random.int(0, 1) === 0 ? -1 : 1));
  return (embedding) => {
    const hash = new Uint32Array(HASH_WORDS);
    for (let bit = 0; bit < BITS; bit++) {
      let sum = 0;
      for (let i = 0; i < dim; i++) sum += (directions[bit * dim + i] as number) * (embedding[i] as number);
      if (sum > 0) hash[bit >> 5] = ((hash[bit >> 5] as number) | (1 << (bit & 31))) >>> 0;
    }
    return hash;
  };
}

/** Bits within which all but a few of the embeddings of at least this cosine lie: the mean and three standard deviations. */
export function bitsWithin(cosine: number): number {
  const share = Math.acos(Math.min(1, cosine)) / Math.PI;
  return Math.ceil(BITS * share + 3 * Math.sqrt(BITS * share * (1 - share)));
}
