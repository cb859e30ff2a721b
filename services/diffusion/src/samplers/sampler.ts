import type { Level } from '../prediction.ts';

/**
 * One picture's way from noise to picture, fixed when it starts. A plan belongs to one picture: some samplers remember
 * earlier steps in it. Steps are taken in order, from any first one (image to image starts late).
 */
export interface SamplerPlan {
  /** What the network is told at each step, first to last. */
  readonly timesteps: readonly number[];
  /** How noisy the sample is before each step, and, one more, after the last. */
  readonly levels: readonly Level[];
  /** Standard deviation of the noise to start from. */
  readonly initialSigma: number;
  /** Multiplies the sample before the network sees it at step `index`. */
  inputScale(index: number): number;
  /**
   * Takes step `index`.
   * @param sample the noisy picture; becomes the less noisy one, in place.
   * @param output what the network gave for it; left as it is.
   * @param predicted receives the predicted finished picture.
   * @param noise draws standard normals for samplers that add some.
   */
  step(
    index: number,
    sample: Float32Array,
    output: Float32Array,
    predicted: Float32Array,
    noise: (count: number) => Float32Array,
  ): void;
}
