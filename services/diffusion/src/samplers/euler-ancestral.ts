import { predictPicture } from '../prediction.ts';
import { type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { sigmaSchedule } from '../sigmas.ts';
import { explodingPlan } from './exploding.ts';
import type { SamplerPlan } from './sampler.ts';

/**
 * Ancestral sampling with Euler steps: down to σ_down, then noise up to the next σ, split as DDPM's posterior does
 * (Song et al. 2021 "Score-based generative modeling", appendix F), as diffusers' EulerAncestralDiscreteScheduler computes it.
 * @param steps 1..num_train_timesteps.
 */
export function eulerAncestral(config: SchedulerConfig, steps: number): SamplerPlan {
  const settings = {
    ...samplerSettings(config, 'euler_ancestral'),
    use_karras_sigmas: false,
    final_sigmas_type: 'zero',
  } as const;
  const { timesteps, sigmas } = sigmaSchedule(settings, steps);
  const plan = explodingPlan({ timesteps, sigmas }, settings);

  return {
    ...plan,
    step(index, sample, output, predicted, noise) {
      const sigma = sigmas[index] as number;
      const next = sigmas[index + 1] as number;
      const up = Math.sqrt((next ** 2 * (sigma ** 2 - next ** 2)) / sigma ** 2);
      const down = Math.sqrt(next ** 2 - up ** 2);
      const share = (down - sigma) / sigma;
      predictPicture(settings.prediction_type, plan.levels[index]!, sample, output, predicted);
      const fresh = noise(sample.length);
      for (let i = 0; i < sample.length; i++) {
        const x = sample[i] as number;
        sample[i] = x + (x - (predicted[i] as number)) * share + up * (fresh[i] as number);
      }
    },
  };
}
