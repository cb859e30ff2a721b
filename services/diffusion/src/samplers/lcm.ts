import { stepsOfStrength } from '@atelier/contracts';
import { predictPicture, preservingLevel } from '../prediction.ts';
import { alphasCumulative, linspace } from '../schedule.ts';
import { type SamplerSettings, type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { limitPicture } from '../threshold.ts';
import type { SamplerPlan } from './sampler.ts';

/** Standard deviation of the data in the boundary condition. */
const SIGMA_DATA = 0.5;

/**
 * Latent Consistency Models (Luo et al. 2023), algorithm 3: multistep consistency sampling (Song et al. 2023, algorithm 1)
 * on the timesteps the model was distilled on, as diffusers' LCMScheduler computes it.
 * @param steps 1..original_inference_steps; beyond it RangeError.
 * @param strength share of the distilled timesteps that are left when a picture is begun from another, above 0 to 1.
 */
export function lcm(config: SchedulerConfig, steps: number, strength = 1): SamplerPlan {
  const settings = samplerSettings(config, 'lcm');
  const alphas = alphasCumulative(settings);
  const timesteps = distilledTimesteps(settings, steps, strength);
  const levels = timesteps.map((timestep) => preservingLevel(alphas[timestep] as number));

  return {
    timesteps,
    levels: [...levels, { signal: 1, noise: 0 }],
    initialSigma: 1,
    inputScale: () => 1,
    step(index, sample, output, predicted, noise) {
      predictPicture(settings.prediction_type, levels[index]!, sample, output, predicted);
      limitPicture(predicted, settings);
      // c_skip and c_out of Song et al. 2023, appendix C, with time scaled so that c_skip is 1 only at 0.
      const time = (timesteps[index] as number) * settings.timestep_scaling;
      const skip = SIGMA_DATA ** 2 / (time ** 2 + SIGMA_DATA ** 2);
      const out = time / Math.hypot(time, SIGMA_DATA);
      for (let i = 0; i < sample.length; i++) {
        predicted[i] = out * (predicted[i] as number) + skip * (sample[i] as number);
      }
      const next = levels[index + 1];
      if (!next) {
        sample.set(predicted);
        return;
      }
      const fresh = noise(sample.length);
      for (let i = 0; i < sample.length; i++) {
        sample[i] = next.signal * (predicted[i] as number) + next.noise * (fresh[i] as number);
      }
    },
  };
}

/** Evenly chosen among the timesteps of distillation, noisiest first. */
function distilledTimesteps(settings: SamplerSettings, steps: number, strength: number): number[] {
  const { original_inference_steps: original, num_train_timesteps: total } = settings;
  const left = stepsOfStrength(original, strength);
  if (!Number.isInteger(steps) || steps < 1 || steps > left || original > total) {
    throw new RangeError(
      `A model distilled on ${original} timesteps samples in 1 to ${left} steps at strength ${strength}, not ${steps}`,
    );
  }
  const stride = Math.floor(total / original);
  const places = linspace(0, left, steps + 1).subarray(0, steps);
  return [...places].map((place) => (left - Math.floor(place)) * stride - 1);
}
