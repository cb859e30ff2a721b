import { linspace, trainingSigmas } from './schedule.ts';
import type { SamplerSettings } from './scheduler-config.ts';
import { fractionalTimesteps } from './timesteps.ts';

/** ρ of the Karras schedule: steps get finer towards low noise. */
const RHO = 7;

/** σ of `steps` steps, falling from `most` to `least` (Karras et al. 2022, eq. 5). Both > 0. */
export function karrasSigmas(most: number, least: number, steps: number): number[] {
  const from = most ** (1 / RHO);
  const to = least ** (1 / RHO);
  return [...linspace(0, 1, steps)].map((ramp) => (from + ramp * (to - from)) ** RHO);
}

/** σ at a timestep between training timesteps, linearly. @param sigmas σ_t of each training timestep. */
export function sigmaAt(sigmas: Float64Array, timestep: number): number {
  const low = Math.min(Math.floor(timestep), sigmas.length - 1);
  const high = Math.min(low + 1, sigmas.length - 1);
  const share = timestep - low;
  return (sigmas[low] as number) + share * ((sigmas[high] as number) - (sigmas[low] as number));
}

/** The timestep, between training timesteps, whose σ is the one given: linear in log σ. In 0..T − 1. */
export function timestepOf(sigmas: Float64Array, sigma: number): number {
  const wanted = Math.log(Math.max(sigma, 1e-10));
  const above = sigmas.findIndex((one) => Math.log(one) > wanted);
  const low = Math.min(Math.max((above < 0 ? sigmas.length : above) - 1, 0), sigmas.length - 2);
  const from = Math.log(sigmas[low] as number);
  const to = Math.log(sigmas[low + 1] as number);
  return low + Math.min(Math.max((wanted - from) / (to - from), 0), 1);
}

/** σ along the way, float32, with one more after the last step; and what the network is told at each. */
export interface SigmaSchedule {
  readonly timesteps: readonly number[];
  readonly sigmas: readonly number[];
}

/** The σ of samplers that work in variance-exploding coordinates, as diffusers' Euler and Heun schedulers choose them. */
export function sigmaSchedule(settings: SamplerSettings, steps: number): SigmaSchedule {
  const training = trainingSigmas(settings);
  const timesteps = fractionalTimesteps(settings, steps);
  const sigmas = timesteps.map((timestep) => sigmaAt(training, timestep));
  const last = lastSigma(settings, training);
  if (!settings.use_karras_sigmas) return { timesteps, sigmas: [...sigmas, last].map(Math.fround) };
  const karras = karrasSigmas(
    settings.sigma_max ?? (sigmas[0] as number),
    settings.sigma_min ?? (sigmas.at(-1) as number),
    steps,
  );
  return {
    timesteps: karras.map((sigma) => Math.fround(timestepOf(training, sigma))),
    sigmas: [...karras, last].map(Math.fround),
  };
}

/** σ after the last step. */
export function lastSigma({ final_sigmas_type }: SamplerSettings, training: Float64Array): number {
  return final_sigmas_type === 'zero' ? 0 : (training[0] as number);
}
