import { predictPicture } from '../prediction.ts';
import { linspace } from '../schedule.ts';
import { type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { karrasSigmas } from '../sigmas.ts';
import type { SamplerPlan } from './sampler.ts';

const { fround } = Math;

/**
 * Euler's method on a rectified flow, dx/dσ = ε − x₀ with x = (1 − σ) x₀ + σ ε (Lipman et al. 2023; Esser et al. 2024),
 * as diffusers' FlowMatchEulerDiscreteScheduler computes it.
 * @param steps 1..num_train_timesteps; beyond it RangeError.
 */
export function flowMatchEuler(config: SchedulerConfig, steps: number): SamplerPlan {
  const settings = samplerSettings(config, 'flow_match_euler');
  const { num_train_timesteps: total, shift } = settings;
  if (!Number.isInteger(steps) || steps < 1 || steps > total) {
    throw new RangeError(
      `A flow trained with ${total} timesteps samples in 1 to ${total} steps, not ${steps}`,
    );
  }
  // diffusers shifts twice: the ends of the range, and then each σ in it.
  const shifted = (sigma: number) => (shift * sigma) / (1 + (shift - 1) * sigma);
  const even = [...linspace(total, fround(shifted(1 / total)) * total, steps)].map((time) =>
    shifted(time / total),
  );
  const spaced = settings.use_karras_sigmas
    ? karrasSigmas(even[0] as number, even.at(-1) as number, steps)
    : even;
  const sigmas = [...spaced, 0].map(fround);
  const levels = sigmas.map((sigma) => ({ signal: 1 - sigma, noise: sigma }));

  return {
    timesteps: sigmas.slice(0, -1).map((sigma) => fround(sigma * total)),
    levels,
    initialSigma: 1,
    inputScale: () => 1,
    step(index, sample, output, predicted) {
      const width = (sigmas[index + 1] as number) - (sigmas[index] as number);
      predictPicture('flow_prediction', levels[index]!, sample, output, predicted);
      for (let i = 0; i < sample.length; i++) sample[i]! += width * (output[i] as number);
    },
  };
}
