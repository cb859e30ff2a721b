import type { SamplerSettings } from '../scheduler-config.ts';
import type { SigmaSchedule } from '../sigmas.ts';
import type { SamplerPlan } from './sampler.ts';

/** What samplers in variance-exploding coordinates, x = x₀ + σ ε, have in common: all but the step. */
export function explodingPlan(
  { timesteps, sigmas }: SigmaSchedule,
  settings: SamplerSettings,
): Omit<SamplerPlan, 'step'> {
  const most = Math.max(...sigmas);
  return {
    timesteps,
    levels: sigmas.map((sigma) => ({ signal: 1, noise: sigma })),
    // diffusers starts from pure noise where the first step is the noisiest timestep, else from noise plus a picture's variance.
    initialSigma: settings.timestep_spacing === 'leading' ? Math.hypot(most, 1) : most,
    inputScale: (index) => 1 / Math.hypot(sigmas[index] as number, 1),
  };
}
