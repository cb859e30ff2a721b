import { allFinite, InferenceError, SeededNoise } from '@atelier/inference';
import { type Canvas, sampleSizeOf } from './canvas.ts';
import { type Conditioning, type StackedConditioning, stackConditionings } from './conditioning.ts';
import { guide } from './guidance.ts';
import type { SamplerPlan } from './samplers/sampler.ts';

/** One picture to draw, checked. */
export interface DrawOrder {
  readonly prompt: Conditioning;
  /** Steered away from; absent when `guidance` is 1 or the network itself is told the guidance. */
  readonly negative?: Conditioning;
  /** 0..2³²−1. */
  readonly seed: number;
  /** Classifier-free guidance scale; 1 is none. */
  readonly guidance: number;
  /** A preview after every n steps; 0 for none. */
  readonly previewEvery: number;
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
  /** Network inputs a step needs: 2 with guidance (negative first, then prompt), else 1. */
  readonly rows: number;
  readonly conditioning: StackedConditioning;
  readonly canvas: Canvas;
  readonly #order: DrawOrder;
  readonly #plan: SamplerPlan;
  readonly #noise: SeededNoise;
  readonly #sample: Float32Array<ArrayBuffer>;
  readonly #output: Float32Array<ArrayBuffer>;
  readonly #predicted: Float32Array<ArrayBuffer>;
  #index = 0;

  constructor(order: DrawOrder, plan: SamplerPlan, canvas: Canvas) {
    const size = sampleSizeOf(canvas);
    const guided = order.guidance !== 1 && order.negative;
    const rows = guided ? [guided, order.prompt] : [order.prompt];
    this.rows = rows.length;
    this.conditioning = stackConditionings(rows);
    this.canvas = canvas;
    this.#order = order;
    this.#plan = plan;
    this.#noise = new SeededNoise(order.seed);
    this.#sample = this.#noise.normal(size);
    if (plan.initialSigma !== 1) for (let i = 0; i < size; i++) this.#sample[i]! *= plan.initialSigma;
    this.#output = new Float32Array(size);
    this.#predicted = new Float32Array(size);
  }

  /** Classifier-free guidance scale, for networks that are told it. */
  get guidance(): number {
    return this.#order.guidance;
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
    const size = this.#sample.length;
    target.set(this.#sample);
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
    if (this.rows === 2) guide(outputs, this.#order.guidance, this.#output);
    else this.#output.set(outputs);
    this.#plan.step(this.#index, this.#sample, this.#output, this.#predicted, (n) => this.#noise.normal(n));
    this.#index++;
    const { previewEvery } = this.#order;
    const last = this.stepsLeft === 0;
    const preview = !last && previewEvery > 0 && this.#index % previewEvery === 0;
    return {
      step: this.#index,
      steps: this.#plan.timesteps.length,
      ...(preview && { preview: this.#predicted.slice() }),
      ...(last && { image: this.#sample }),
    };
  }
}
