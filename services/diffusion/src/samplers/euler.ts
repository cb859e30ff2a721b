import { predictPicture } from '../prediction.ts';
import { type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { sigmaSchedule } from '../sigmas.ts';
import { explodingPlan } from './exploding.ts';
import type { SamplerPlan } from './sampler.ts';

/**
 * Euler's method on the probability-flow equation dx/dσ = (x − x₀) / σ (Karras et al. 2022, algorithm 2 without churn and
 * correction), as diffusers' EulerDiscreteScheduler computes it.
 * @param steps 1..num_train_timesteps.
 */
export function euler(config: SchedulerConfig, steps: number): SamplerPlan {
  const settings = samplerSettings(config, 'euler');
  const schedule = sigmaSchedule(settings, steps);
  const plan = explodingPlan(schedule, settings);

  return {
    ...plan,
    step(index, sample, output, predicted) {
      const sigma = schedule.sigmas[index] as number;
      const share = ((schedule.sigmas[index + 1] as number) - sigma) / sigma;
      predictPicture(settings.prediction_type, plan.levels[index]!, sample, output, predicted);
      for (let i = 0; i < sample.length; i++) {
        const x = sample[i] as number;
        sample[i] = x + (x - (predicted[i] as number)) * share;
      }
    },
  };
}
