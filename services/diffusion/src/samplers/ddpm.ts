import { predictPicture, preservingLevel } from '../prediction.ts';
import { alphasCumulative } from '../schedule.ts';
import { type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { limitPicture } from '../threshold.ts';
import { spacedTimesteps } from '../timesteps.ts';
import type { SamplerPlan } from './sampler.ts';

/**
 * Denoising Diffusion Probabilistic Models (Ho, Jain & Abbeel 2020), algorithm 2 with the posterior of equations 6 and 7
 * between the timesteps visited, as diffusers' DDPMScheduler computes it.
 * @param steps 1..num_train_timesteps.
 */
export function ddpm(config: SchedulerConfig, steps: number): SamplerPlan {
  const settings = samplerSettings(config, 'ddpm');
  const alphas = alphasCumulative(settings);
  const timesteps = spacedTimesteps(settings, steps);
  const visited = [...timesteps.map((timestep) => alphas[timestep] as number), 1];
  const levels = visited.map(preservingLevel);

  return {
    timesteps,
    levels,
    initialSigma: 1,
    inputScale: () => 1,
    step(index, sample, output, predicted, noise) {
      const alpha = visited[index] as number;
      const alphaPrevious = visited[index + 1] as number;
      const ratio = alpha / alphaPrevious;
      const beta = 1 - ratio;
      predictPicture(settings.prediction_type, levels[index]!, sample, output, predicted);
      limitPicture(predicted, settings);

      const toPicture = (Math.sqrt(alphaPrevious) * beta) / (1 - alpha);
      const toSample = (Math.sqrt(ratio) * (1 - alphaPrevious)) / (1 - alpha);
      const small = Math.max(((1 - alphaPrevious) / (1 - alpha)) * beta, 1e-20);
      const deviation = Math.sqrt(settings.variance_type === 'fixed_large' ? beta : small);
      const fresh = (timesteps[index] as number) > 0 ? noise(sample.length) : undefined;
      for (let i = 0; i < sample.length; i++) {
        sample[i] =
          toPicture * (predicted[i] as number) +
          toSample * (sample[i] as number) +
          (fresh ? deviation * (fresh[i] as number) : 0);
      }
    },
  };
}
