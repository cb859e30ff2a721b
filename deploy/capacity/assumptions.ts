/** What the plan starts from: times that were measured here, and those that were not. */
import type { Prices, Times } from './plan.ts';
import type { Mesh } from './simulate.ts';

/**
 * Measured on two CPU cores (the root README's numbers): 25 steps with guidance in 1.2 s, one picture at a time; harm-detection
 * 0.13 s on one core, super-resolution 0.18 s on two, storing 0.05 s, everything else 0.08 s.
 */
export const CPU: Times = {
  steps: 25,
  runSeconds: 0.048,
  batch: 1,
  coreSeconds: {
    'harm-detection': 0.13,
    'super-resolution': 0.36,
    orchestrator: 0.08,
    'prompt-safety': 0.02,
    'prompt-enhancement': 0.02,
    'text-encoder': 0.02,
  },
  latencySeconds: 2.5,
};

/** Not measured: 10 ms for a run of 16 pictures on a data-centre GPU. The other stages as above, on cores. */
export const GPU: Times = { ...CPU, runSeconds: 0.01, batch: 16, latencySeconds: 1.5 };

/** A currency unit an hour; put yours here. Two cores, or a GPU with its share of a node. */
export const CPU_PRICES: Prices = { denoiserHour: 0.1, coreHour: 0.05 };
export const GPU_PRICES: Prices = { denoiserHour: 2.5, coreHour: 0.05 };

/** Runs on that GPU, by their pictures: a fixed part and a part for each. */
export const gpuRunSeconds = (pictures: number): number => 0.004 + 0.000375 * pictures;

/** The mesh of the chart's profile `gpu`, for a rate of pictures a second that is the usual one. */
export function gpuMesh(scaling: Mesh['scaling'], concurrency: number): Mesh {
  return {
    steps: GPU.steps,
    runSeconds: gpuRunSeconds,
    maxBatch: 16,
    headSeconds: 0.08,
    tailSeconds: 0.36,
    tailServers: Number.POSITIVE_INFINITY,
    concurrency,
    queueLimit: 5_000,
    scaling,
  };
}
