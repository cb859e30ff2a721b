import { preservingLevel, readPrediction } from '../prediction.ts';
import { alphasCumulative } from '../schedule.ts';
import { type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { limitPicture } from '../threshold.ts';
import { spacedTimesteps } from '../timesteps.ts';
import type { SamplerPlan } from './sampler.ts';

/**
 * Denoising Diffusion Implicit Models (Song, Meng & Ermon 2021), equation 12, as diffusers' DDIMScheduler computes it.
 * @param steps 1..num_train_timesteps.
 * @param eta 0 is deterministic, 1 adds as much noise as DDPM.
 */
export function ddim(config: SchedulerConfig, steps: number, eta = 0): SamplerPlan {
  const settings = samplerSettings(config, 'ddim');
  const alphas = alphasCumulative(settings);
  const timesteps = spacedTimesteps(settings, steps);
  const stride = Math.floor(settings.num_train_timesteps / steps);
  const finalAlpha = settings.set_alpha_to_one ? 1 : (alphas[0] as number);
  const levels = timesteps.map((timestep) => preservingLevel(alphas[timestep] as number));

  return {
    timesteps,
    levels: [...levels, preservingLevel(finalAlpha)],
    initialSigma: 1,
    inputScale: () => 1,
    step(index, sample, output, predicted, noise) {
      const timestep = timesteps[index] as number;
      const alpha = alphas[timestep] as number;
      const previous = timestep - stride;
      const alphaPrevious = previous >= 0 ? (alphas[previous] as number) : finalAlpha;
      const { x0, noise: epsilon } = readPrediction(settings.prediction_type, preservingLevel(alpha));
      for (let i = 0; i < predicted.length; i++) {
        predicted[i] = x0[0] * (sample[i] as number) + x0[1] * (output[i] as number);
      }
      limitPicture(predicted, settings);

      const sigma = eta === 0 ? 0 : eta * standardDeviation(alpha, alphaPrevious);
      const toSignal = Math.sqrt(alphaPrevious);
      const toNoise = Math.sqrt(Math.max(0, 1 - alphaPrevious - sigma * sigma));
      const fresh = eta > 0 ? noise(sample.length) : undefined;
      for (let i = 0; i < sample.length; i++) {
        const direction = epsilon[0] * (sample[i] as number) + epsilon[1] * (output[i] as number);
        sample[i] =
          toSignal * (predicted[i] as number) +
          toNoise * direction +
          (fresh ? sigma * (fresh[i] as number) : 0);
      }
    },
  };
}

/** σ_t(η = 1) of equation 16. */
function standardDeviation(alpha: number, alphaPrevious: number): number {
  return Math.sqrt(((1 - alphaPrevious) / (1 - alpha)) * (1 - alpha / alphaPrevious));
}
