import type { SchedulerConfig } from '../scheduler-config.ts';
import { ddim } from './ddim.ts';
import type { SamplerPlan } from './sampler.ts';

export interface ParadigmsOptions {
  /** Steps computed at once, 1 or more. */
  readonly window: number;
  /**
   * How far a sample may still move when it is taken for final, in standard deviations of the noise that DDPM has in its
   * step. 0 gives the sequential sampler's result; default 0.1.
   */
  readonly tolerance?: number;
}

/**
 * ParaDiGMS (Shih et al. 2023, arXiv:2305.16317, algorithm 1) over deterministic DDIM: Picard iteration on a sliding window of
 * steps. Each round the network sees all samples of the window at once; the window moves on past those that stand still. Fewer
 * rounds than steps, at more network inputs in all: for devices that compute a batch in the time of one.
 *
 * A round: run the network on `samples` at `timesteps`, then `advance` with what it gave, until `done`.
 */
export class Paradigms {
  readonly #plan: SamplerPlan;
  readonly #window: number;
  /** Mean square by which each step's result may still move. */
  readonly #bounds: readonly number[];
  /** The way as it is known: sample 0 is where it starts; those behind the window are not there yet. */
  readonly #way: Float32Array[];
  #first = 0;

  /**
   * @param steps 1..num_train_timesteps.
   * @param start the noise to start from; left as it is.
   */
  constructor(
    config: SchedulerConfig,
    steps: number,
    start: Float32Array,
    { window, tolerance = 0.1 }: ParadigmsOptions,
  ) {
    if (!Number.isInteger(window) || window < 1) throw new RangeError(`A window of ${window} steps`);
    this.#plan = ddim(config, steps);
    this.#window = window;
    this.#bounds = noiseVariances(this.#plan).map((variance) => tolerance ** 2 * variance);
    this.#way = Array.from({ length: this.#end + 1 }, () => start.slice());
  }

  /** Whether the last step has its result. */
  get done(): boolean {
    return this.#first === this.#plan.timesteps.length;
  }

  /** Steps that have their results. */
  get finished(): number {
    return this.#first;
  }

  /** What the network is told for each of `samples`. */
  get timesteps(): readonly number[] {
    return this.#plan.timesteps.slice(this.#first, this.#end);
  }

  /** What the network sees next, `window` samples at most. Not to be written to. */
  get samples(): readonly Float32Array[] {
    return this.#way.slice(this.#first, this.#end);
  }

  /** The finished sample, once `done`. */
  get result(): Float32Array {
    if (!this.done) throw new Error('the way is not at its end');
    return this.#way[this.#first] as Float32Array;
  }

  /** Takes what the network gave for `samples`, in order. */
  advance(outputs: readonly Float32Array[]): void {
    const [first, end] = [this.#first, this.#end];
    if (outputs.length !== end - first)
      throw new RangeError(`${outputs.length} outputs for ${end - first} samples`);
    const sum = (this.#way[first] as Float32Array).slice();
    const drift = new Float32Array(sum.length);
    const predicted = new Float32Array(sum.length);
    let still = first;
    for (let index = first; index < end; index++) {
      const sample = this.#way[index] as Float32Array;
      drift.set(sample);
      this.#plan.step(index, drift, outputs[index - first] as Float32Array, predicted, noNoise);
      const next = this.#way[index + 1] as Float32Array;
      let moved = 0;
      // The first of the window is where it belongs: its step needs no sum, and its result is exact.
      for (let i = 0; i < sum.length; i++) {
        const value =
          index === first
            ? (drift[i] as number)
            : (sum[i] as number) + (drift[i] as number) - (sample[i] as number);
        moved += (value - (next[i] as number)) ** 2;
        drift[i] = value;
      }
      // The samples of the way are replaced only when the step after them has read them.
      if (index > first) (this.#way[index] as Float32Array).set(sum);
      sum.set(drift);
      if (still === index && (index === first || moved / sum.length <= (this.#bounds[index] as number)))
        still++;
    }
    (this.#way[end] as Float32Array).set(sum);
    this.#first = still;
    // What is new in the window starts from the farthest that is known.
    while (this.#way.length <= this.#end) this.#way.push(sum.slice());
  }

  /** One behind the window's last step. */
  get #end(): number {
    return Math.min(this.#first + this.#window, this.#plan.timesteps.length);
  }
}

/** DDPM's variance of each step (Ho et al. 2020, equation 7); the last, which has none, has that of the one before. */
function noiseVariances({ levels }: SamplerPlan): number[] {
  const variances = levels.slice(0, -1).map(({ signal }, i) => {
    const alpha = signal ** 2;
    const next = (levels[i + 1]?.signal ?? 1) ** 2;
    return ((1 - next) / (1 - alpha)) * (1 - alpha / next);
  });
  return variances.map((variance, i) => (variance > 0 ? variance : (variances[i - 1] ?? 0)));
}

function noNoise(): never {
  throw new Error('deterministic DDIM draws no noise');
}
