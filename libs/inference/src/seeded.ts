import { MersenneTwister } from './mersenne-twister.ts';

const BLOCK = 16;
const HALF = BLOCK / 2;

/**
 * Standard normal noise that equals `torch.randn(n, generator=torch.Generator('cpu').manual_seed(seed))` call by call.
 *
 * PyTorch has two paths (`aten/src/ATen/native/cpu/DistributionTemplates.h`) and both are kept here: 16 or more numbers
 * are drawn as float32 uniforms and turned by Box–Muller in blocks of 16 (cosines in the first half, sines in the
 * second; a ragged tail redraws the last 16), fewer are drawn one by one in float64, each pair's second value kept for
 * the next call. Values agree with PyTorch's vectorised float32 arithmetic to about 1e-6; draws are counted exactly.
 */
export class SeededNoise {
  readonly #generator: MersenneTwister;
  #spare: number | undefined;

  /** @param seed integer in 0..2⁶⁴−1; as in PyTorch only the low 32 bits matter. */
  constructor(seed: bigint | number) {
    this.#generator = new MersenneTwister(seed);
  }

  /** The next `count` (≥ 0) values, mean 0, variance 1. */
  normal(count: number): Float32Array<ArrayBuffer> {
    const values = new Float32Array(count);
    if (count < BLOCK) for (let i = 0; i < count; i++) values[i] = this.#scalar();
    else this.#fill(values);
    return values;
  }

  #fill(values: Float32Array): void {
    const generator = this.#generator;
    for (let i = 0; i < values.length; i++) values[i] = generator.nextFloat24();
    const whole = values.length - (values.length % BLOCK);
    for (let start = 0; start < whole; start += BLOCK) boxMuller(values.subarray(start, start + BLOCK));
    if (whole === values.length) return;
    const tail = values.subarray(values.length - BLOCK);
    for (let i = 0; i < BLOCK; i++) tail[i] = generator.nextFloat24();
    boxMuller(tail);
  }

  #scalar(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    const angle = 2 * Math.PI * this.#generator.nextFloat53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#generator.nextFloat53()));
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** Turns 16 uniforms of [0, 1) into 16 normals in place (Box & Muller 1958). */
function boxMuller(block: Float32Array): void {
  for (let i = 0; i < HALF; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - (block[i] as number)));
    const angle = 2 * Math.PI * (block[i + HALF] as number);
    block[i] = radius * Math.cos(angle);
    block[i + HALF] = radius * Math.sin(angle);
  }
}
