import { allFinite, InferenceError, SeededNoise } from '@atelier/inference';
import { type Canvas, sampleSizeOf } from './canvas.ts';
import { type Conditioning, type StackedConditioning, stackConditionings } from './conditioning.ts';
import { type GuidanceInterval, guide, isGuidedAt } from './guidance.ts';
import type { SamplerPlan } from './samplers/sampler.ts';
import { type Source, SourceBlend } from './source.ts';

/** One picture to draw, checked. */
export interface DrawOrder {
  readonly prompt: Conditioning;
  /** Steered away from; absent when `guidance` is 1 or the network itself is told the guidance. */
  readonly negative?: Conditioning;
  /** 0..2³²−1. */
  readonly seed: number;
  /** Classifier-free guidance scale; 1 is none. */
  readonly guidance: number;
  /** How far guided predictions get the contrast of unguided ones back, 0..1; default 0. */
  readonly guidanceRescale?: number;
  /** Noise levels at which guidance is on; default: all. */
  readonly guidanceInterval?: GuidanceInterval;
  /** A preview after every n steps; 0 for none. */
  readonly previewEvery: number;
  /** What it is begun from; default: pure noise. */
  readonly source?: Source;
  /** Draws what the prompt leaves open, once it is sure that the picture is drawn; gives as many hidden states. */
  readonly complete?: (prompt: Conditioning) => Promise<Conditioning>;
}

/** What takes time and memory to make, and isn't needed before the first step. */
interface Begun {
  readonly unguided: StackedConditioning;
  /** The negative first, then the prompt; undefined without guidance. */
  readonly guided: StackedConditioning | undefined;
  readonly noise: SeededNoise;
  readonly blend: SourceBlend | undefined;
  readonly sample: Float32Array<ArrayBuffer>;
  readonly output: Float32Array<ArrayBuffer>;
  readonly predicted: Float32Array<ArrayBuffer>;
}

/** What a step brought. `image` comes with the last step alone. */
export interface StepOutcome {
  /** Steps done, 1..steps. */
  readonly step: number;
  readonly steps: number;
  /** The predicted finished sample: the picture, or its latent. */
  readonly preview?: Float32Array;
  /** The finished sample. */
  readonly image?: Float32Array;
}

/**
 * A picture on its way from noise: everything between two network runs, and nothing that another picture shares, so
 * that its bytes depend on its order alone.
 */
export class Drawing {
  readonly canvas: Canvas;
  readonly #order: DrawOrder;
  readonly #negative: Conditioning | undefined;
  readonly #plan: SamplerPlan;
  /** Entry of the plan it began with. */
  readonly #first: number;
  #prompt: Conditioning;
  #prepared: Promise<void> | undefined;
  #begun: Begun | undefined;
  #index: number;
  #rowsLeft = 0;
  /** Its key by the number of rows. */
  readonly #keys: string[] = [];

  /** Cheap: a picture that is refused costs next to nothing. */
  constructor(order: DrawOrder, plan: SamplerPlan, canvas: Canvas) {
    this.canvas = canvas;
    this.#order = order;
    this.#prompt = order.prompt;
    this.#negative = order.guidance !== 1 ? order.negative : undefined;
    this.#plan = plan;
    this.#first = this.#index = order.source?.first ?? 0;
    for (let index = this.#index; index < plan.timesteps.length; index++) {
      this.#rowsLeft += this.#isGuided(index) ? 2 : 1;
    }
  }

  /** Completes the prompt; to be awaited before the first step, and at once the next times. @throws InferenceError of the prior. */
  async prepare(): Promise<void> {
    this.#prepared ??= this.#complete();
    await this.#prepared;
  }

  async #complete(): Promise<void> {
    this.#prompt = (await this.#order.complete?.(this.#prompt)) ?? this.#prompt;
  }

  /** Classifier-free guidance scale, for networks that are told it. */
  get guidance(): number {
    return this.#order.guidance;
  }

  /** Network inputs the next step needs: 2 with guidance (negative first, then prompt), else 1. */
  get rows(): number {
    return this.#isGuided(this.#index) ? 2 : 1;
  }

  /** What the next step's rows are steered by. */
  get conditioning(): StackedConditioning {
    const { guided, unguided } = this.#start();
    return (this.#isGuided(this.#index) && guided) || unguided;
  }

  /** Hidden states of each row of the next step. */
  get states(): number {
    const [count = 0, negative = 0] = [this.#prompt, this.#negative].map((one) => one?.mask.data.length ?? 0);
    return this.#isGuided(this.#index) ? Math.max(count, negative) : count;
  }

  /** Drawings with one key can share a run: as many rows, as many hidden states, the same size. */
  get key(): string {
    const { rows, states, canvas } = this;
    // Asked for by whoever weighs the queue, thousands of times a second under load.
    this.#keys[rows] ??= [rows, states, canvas.height, canvas.width].join('×');
    return this.#keys[rows];
  }

  /** Network inputs until the picture is finished. */
  get rowsLeft(): number {
    return this.#rowsLeft;
  }

  /** Steps still to take. */
  get stepsLeft(): number {
    return this.#plan.timesteps.length - this.#index;
  }

  /** The timestep the network is told next. */
  get timestep(): number {
    return this.#plan.timesteps[this.#index] as number;
  }

  /** Writes the network's next input: the scaled sample, once for each row. */
  writeInput(target: Float32Array): void {
    const scale = this.#plan.inputScale(this.#index);
    const { sample } = this.#start();
    const size = sample.length;
    target.set(sample);
    if (scale !== 1) for (let i = 0; i < size; i++) target[i]! *= scale;
    for (let row = 1; row < this.rows; row++) target.copyWithin(row * size, 0, size);
  }

  /**
   * Takes a step with what the network gave for the input's rows.
   * @throws InferenceError NON_FINITE_OUTPUT when it isn't all numbers.
   */
  advance(outputs: Float32Array): StepOutcome {
    if (!allFinite(outputs)) {
      throw new InferenceError(
        'NON_FINITE_OUTPUT',
        `The denoiser gave NaN or infinity at step ${this.#index + 1}`,
      );
    }
    const { guidance, guidanceRescale } = this.#order;
    const { sample, output, predicted, noise, blend } = this.#start();
    if (this.rows === 2) guide(outputs, guidance, output, guidanceRescale);
    else output.set(outputs);
    this.#plan.step(this.#index, sample, output, predicted, (n) => noise.normal(n));
    this.#rowsLeft -= this.rows;
    this.#index++;
    const { previewEvery } = this.#order;
    const last = this.stepsLeft === 0;
    blend?.restore(sample, last ? undefined : this.#plan.levels[this.#index]);
    if (last && !allFinite(sample)) {
      throw new InferenceError('NON_FINITE_OUTPUT', 'The sampler ended with NaN or infinity');
    }
    const step = this.#index - this.#first;
    const preview = !last && previewEvery > 0 && step % previewEvery === 0;
    return {
      step,
      steps: this.#plan.timesteps.length - this.#first,
      ...(preview && { preview: previewOf(predicted, blend) }),
      ...(last && { image: sample }),
    };
  }

  #start(): Begun {
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  #begin(): Begun {
    const size = sampleSizeOf(this.canvas);
    const { seed, source } = this.#order;
    const noise = new SeededNoise(seed);
    const blend = source && new SourceBlend(source, noise);
    return {
      unguided: stackConditionings([this.#prompt]),
      guided: this.#negative && stackConditionings([this.#negative, this.#prompt]),
      noise,
      blend,
      sample: this.#firstSample(size, noise, blend),
      output: new Float32Array(size),
      predicted: new Float32Array(size),
    };
  }

  /** Noise, or the source with its share of it; a mask at full strength begins from noise, as diffusers does. */
  #firstSample(size: number, noise: SeededNoise, blend: SourceBlend | undefined): Float32Array<ArrayBuffer> {
    const { source } = this.#order;
    const { initialSigma } = this.#plan;
    const sample = blend ? Float32Array.from(blend.noise) : noise.normal(size);
    const level = this.#plan.levels[this.#first];
    if (source && level && !(source.mask && source.strength === 1)) blend?.begin(sample, level);
    else if (initialSigma !== 1) for (let i = 0; i < size; i++) sample[i]! *= initialSigma;
    return sample;
  }

  #isGuided(index: number): boolean {
    const level = this.#plan.levels[index];
    if (!this.#negative || !level) return false;
    return isGuidedAt(level.noise / level.signal, this.#order.guidanceInterval);
  }
}

function previewOf(predicted: Float32Array, blend: SourceBlend | undefined): Float32Array {
  const preview = predicted.slice();
  blend?.restore(preview);
  return preview;
}
