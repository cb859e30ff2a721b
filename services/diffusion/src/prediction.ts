import type { PredictionType } from './scheduler-config.ts';

/**
 * How far a sample x is on its way: x = signal · x₀ + noise · ε. Samplers differ in the coordinates they work in:
 * variance-preserving (√ᾱ, √(1 − ᾱ)), variance-exploding (1, σ) or rectified flow (1 − σ, σ).
 */
export interface Level {
  readonly signal: number;
  readonly noise: number;
}

/** The variance-preserving level of signal share ᾱ in [0, 1]. */
export function preservingLevel(alpha: number): Level {
  return { signal: Math.sqrt(alpha), noise: Math.sqrt(1 - alpha) };
}

/** The variance-preserving level of noise-to-signal ratio σ. */
export function preservingLevelOfSigma(sigma: number): Level {
  const signal = 1 / Math.sqrt(sigma * sigma + 1);
  return { signal, noise: sigma * signal };
}

/**
 * Coefficients that turn the sample x and the network's output m into the predicted picture x₀ = a·x + b·m and the
 * predicted noise ε = c·x + d·m.
 */
export interface Prediction {
  readonly x0: readonly [sample: number, output: number];
  readonly noise: readonly [sample: number, output: number];
}

/**
 * How to read the output of a network that predicts ε (Ho et al. 2020), x₀, v = √ᾱ ε − √(1 − ᾱ) x₀ of the
 * variance-preserving sample (Salimans & Ho 2022, appendix D), or the flow's velocity ε − x₀ (Lipman et al. 2023; at
 * rectified-flow levels alone).
 */
export function readPrediction(type: PredictionType, { signal, noise }: Level): Prediction {
  switch (type) {
    case 'epsilon':
      return { x0: [1 / signal, -noise / signal], noise: [0, 1] };
    case 'sample':
      return { x0: [0, 1], noise: [1 / noise, -signal / noise] };
    case 'v_prediction': {
      const square = signal * signal + noise * noise;
      const length = Math.sqrt(square);
      return { x0: [signal / square, -noise / length], noise: [noise / square, signal / length] };
    }
    case 'flow_prediction':
      return { x0: [1, -noise], noise: [1, signal] };
  }
}

/** Writes the predicted picture of `sample` and `output` at a level to `predicted`. */
export function predictPicture(
  type: PredictionType,
  level: Level,
  sample: Float32Array,
  output: Float32Array,
  predicted: Float32Array,
): void {
  const [ofSample, ofOutput] = readPrediction(type, level).x0;
  for (let i = 0; i < predicted.length; i++) {
    predicted[i] = ofSample * (sample[i] as number) + ofOutput * (output[i] as number);
  }
}
