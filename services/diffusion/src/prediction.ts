import type { SchedulerConfig } from './scheduler-config.ts';

/**
 * Coefficients that turn the noisy sample x and the network's output m into the predicted picture
 * x₀ = a·x + b·m and the predicted noise ε = c·x + d·m, at signal share ᾱ.
 */
export interface Prediction {
  readonly x0: readonly [sample: number, output: number];
  readonly noise: readonly [sample: number, output: number];
}

/** How to read the output of a network that predicts ε, x₀ or v (Salimans & Ho 2022). @param alpha ᾱ_t in [0, 1]. */
export function readPrediction(type: SchedulerConfig['prediction_type'], alpha: number): Prediction {
  const signal = Math.sqrt(alpha);
  const noise = Math.sqrt(1 - alpha);
  switch (type) {
    case 'epsilon':
      return { x0: [1 / signal, -noise / signal], noise: [0, 1] };
    case 'sample':
      return { x0: [0, 1], noise: [1 / noise, -signal / noise] };
    case 'v_prediction':
      return { x0: [signal, -noise], noise: [noise, signal] };
  }
}
