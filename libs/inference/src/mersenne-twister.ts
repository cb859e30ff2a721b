/**
 * MT19937 (Matsumoto & Nishimura 1998), seeded as PyTorch seeds its CPU generator: by `init_genrand` with the low
 * 32 bits of the seed, so that the same seed gives the same stream here and there.
 */
const STATE_WORDS = 624;
const SHIFT = 397;
const MATRIX_A = 0x9908b0df;
const UPPER_MASK = 0x80000000;
const LOWER_MASK = 0x7fffffff;

/** A stream of 32-bit words; not for secrets. */
export class MersenneTwister {
  readonly #state = new Uint32Array(STATE_WORDS);
  #index = STATE_WORDS;

  /** @param seed any integer; only its low 32 bits matter, as in PyTorch. */
  constructor(seed: bigint | number) {
    this.#state[0] = Number(BigInt.asUintN(32, BigInt(seed)));
    for (let i = 1; i < STATE_WORDS; i++) {
      const previous = this.#state[i - 1] as number;
      this.#state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next word, uniform over 0..2³²−1. */
  next32(): number {
    if (this.#index === STATE_WORDS) this.#refill();
    let word = this.#state[this.#index++] as number;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  /** Uniform in [0, 1) with the 24 bits that a float32 holds (`at::uniform_real_distribution<float>`). */
  nextFloat24(): number {
    return (this.next32() & 0xffffff) / 0x1000000;
  }

  /** Uniform in [0, 1) with the 53 bits that a float64 holds; the first word drawn is the high one. */
  nextFloat53(): number {
    const high = this.next32();
    const low = this.next32();
    return ((high & 0x1fffff) * 0x100000000 + low) / 0x20000000000000;
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < STATE_WORDS; i++) {
      const joined =
        ((state[i] as number) & UPPER_MASK) | ((state[(i + 1) % STATE_WORDS] as number) & LOWER_MASK);
      const twisted = (state[(i + SHIFT) % STATE_WORDS] as number) ^ (joined >>> 1);
      state[i] = joined & 1 ? twisted ^ MATRIX_A : twisted;
    }
    this.#index = 0;
  }
}
