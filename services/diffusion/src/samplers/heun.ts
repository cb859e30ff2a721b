import { predictPicture } from '../prediction.ts';
import { type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { sigmaSchedule } from '../sigmas.ts';
import { limitPicture } from '../threshold.ts';
import { explodingPlan } from './exploding.ts';
import type { SamplerPlan } from './sampler.ts';

/** Options of other schedulers that diffusers' Heun ignores. */
const UNKNOWN_TO_HEUN = {
  final_sigmas_type: 'zero',
  rescale_betas_zero_snr: false,
  thresholding: false,
} as const;

/**
 * Heun's second-order method on dx/dσ = (x − x₀) / σ (Karras et al. 2022, algorithm 1), as diffusers'
 * HeunDiscreteScheduler computes it. Each step but the last asks the network twice, at its start and at the end that Euler's
 * method reaches, so a plan of n steps has 2n − 1 timesteps.
 * @param steps 1..num_train_timesteps.
 */
export function heun(config: SchedulerConfig, steps: number): SamplerPlan {
  const settings = { ...samplerSettings(config, 'heun'), ...UNKNOWN_TO_HEUN };
  const schedule = sigmaSchedule(settings, steps);
  const twice = (values: readonly number[]) =>
    values.flatMap((value, i) => (i === 0 ? [value] : [value, value]));
  const timesteps = twice(schedule.timesteps);
  const sigmas = [...twice(schedule.sigmas.slice(0, -1)), 0];
  const plan = explodingPlan({ timesteps, sigmas }, settings);
  /** The step's start and slope, between its two halves. */
  let begun:
    | { readonly start: Float32Array; readonly slope: Float32Array; readonly width: number }
    | undefined;

  return {
    ...plan,
    step(index, sample, output, predicted) {
      const sigma = sigmas[index] as number;
      predictPicture(settings.prediction_type, plan.levels[index]!, sample, output, predicted);
      limitPicture(predicted, settings);
      const slope = sample.map((x, i) => (x - (predicted[i] as number)) / sigma);
      if (begun) {
        const { start, slope: first, width } = begun;
        for (let i = 0; i < sample.length; i++) {
          sample[i] = (start[i] as number) + (((first[i] as number) + (slope[i] as number)) / 2) * width;
        }
        begun = undefined;
        return;
      }
      const width = (sigmas[index + 1] as number) - sigma;
      begun = { start: sample.slice(), slope, width };
      for (let i = 0; i < sample.length; i++) sample[i]! += (slope[i] as number) * width;
    },
  };
}
