import type { SchedulerConfig } from '../scheduler-config.ts';
import { multistepPlan } from './multistep.ts';
import type { SamplerPlan } from './sampler.ts';

/**
 * DPM-Solver++(2M) (Lu et al. 2022b), algorithm 2, as diffusers' DPMSolverMultistepScheduler computes it.
 * @param steps 1..num_train_timesteps.
 */
export function dpmSolverPp2m(config: SchedulerConfig, steps: number): SamplerPlan {
  return multistepPlan(config, 'dpm_solver_pp_2m', steps, ({ from, to, width, heun }) => {
    const decay = Math.exp(-width) - 1;
    return {
      sample: to.noise / from.noise,
      picture: -to.signal * decay,
      change: heun ? to.signal * (decay / width + 1) : -0.5 * to.signal * decay,
      fresh: 0,
    };
  });
}
