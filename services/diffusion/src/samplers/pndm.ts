import { preservingLevel, readPrediction } from '../prediction.ts';
import { alphasCumulative } from '../schedule.ts';
import { type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { spacedTimesteps } from '../timesteps.ts';
import type { SamplerPlan } from './sampler.ts';

/** Weights of the newest output and those before it, by how many there are (Liu et al. 2022, equation 12; Adams–Bashforth). */
const ADAMS_BASHFORTH = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
] as const;

/**
 * Pseudo Numerical Methods for Diffusion Models (Liu et al. 2022), linear multistep without the Runge–Kutta warm-up, as
 * diffusers' PNDMScheduler computes it with `skip_prk_steps`. The first step is taken twice, the second time with the mean
 * slope of its ends, so a plan of n > 1 steps has n + 1 timesteps.
 * @param steps 1..num_train_timesteps.
 */
export function pndm(config: SchedulerConfig, steps: number): SamplerPlan {
  const settings = { ...samplerSettings(config, 'pndm'), rescale_betas_zero_snr: false };
  const alphas = alphasCumulative(settings);
  const stride = Math.floor(settings.num_train_timesteps / steps);
  const finalAlpha = settings.set_alpha_to_one ? 1 : (alphas[0] as number);
  const alphaAt = (timestep: number) => (timestep < 0 ? finalAlpha : (alphas[timestep] as number));
  const timesteps = spacedTimesteps(settings, steps).flatMap((timestep, i) =>
    i === 1 ? [timestep, timestep] : [timestep],
  );
  const levels = timesteps.map((timestep) => preservingLevel(alphaAt(timestep)));
  const outputs: Float32Array[] = [];
  let start: Float32Array | undefined;
  let taken = 0;

  return {
    timesteps,
    levels: [...levels, preservingLevel(finalAlpha)],
    initialSigma: 1,
    inputScale: () => 1,
    step(index, sample, output, predicted) {
      const timestep = timesteps[index] as number;
      const again = taken++ === 1;
      if (again && start) sample.set(start);
      else outputs.unshift(output.slice());
      if (outputs.length > 4) outputs.pop();
      start = taken === 1 ? sample.slice() : undefined;
      const slope = again ? mean(output, outputs[0] as Float32Array) : extrapolate(outputs);

      const from = alphaAt(again ? Math.min(timestep + stride, settings.num_train_timesteps - 1) : timestep);
      const to = alphaAt(again ? timestep : timestep - stride);
      const level = preservingLevel(from);
      const { noise, x0 } = readPrediction(settings.prediction_type, level);
      const toNoise = (to - from) / (from * Math.sqrt(1 - to) + Math.sqrt(from * (1 - from) * to));
      const toSample = Math.sqrt(to / from);
      for (let i = 0; i < sample.length; i++) {
        const x = sample[i] as number;
        const m = slope[i] as number;
        predicted[i] = x0[0] * x + x0[1] * m;
        sample[i] = toSample * x - toNoise * (noise[0] * x + noise[1] * m);
      }
    },
  };
}

function mean(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => (value + (b[i] as number)) / 2);
}

/** @param outputs newest first, 1 to 4. */
function extrapolate(outputs: readonly Float32Array[]): Float32Array {
  const weights = ADAMS_BASHFORTH[outputs.length - 1] ?? [];
  const slope = new Float32Array(outputs[0]?.length ?? 0);
  for (const [k, output] of outputs.entries()) {
    const weight = weights[k] as number;
    for (let i = 0; i < slope.length; i++) slope[i]! += weight * (output[i] as number);
  }
  return slope;
}
