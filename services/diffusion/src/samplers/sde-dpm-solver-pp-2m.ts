import type { SchedulerConfig } from '../scheduler-config.ts';
import { multistepPlan } from './multistep.ts';
import type { SamplerPlan } from './sampler.ts';

/**
 * SDE-DPM-Solver++(2M) (Lu et al. 2022b), equation 18 with the multistep correction, as diffusers'
 * DPMSolverMultistepScheduler computes it with the algorithm `sde-dpmsolver++`.
 * @param steps 1..num_train_timesteps.
 */
export function sdeDpmSolverPp2m(config: SchedulerConfig, steps: number): SamplerPlan {
  return multistepPlan(config, 'sde_dpm_solver_pp_2m', steps, ({ from, to, width, heun }) => {
    const decay = 1 - Math.exp(-2 * width);
    return {
      sample: (to.noise / from.noise) * Math.exp(-width),
      picture: to.signal * decay,
      change: heun ? to.signal * (decay / (-2 * width) + 1) : 0.5 * to.signal * decay,
      fresh: to.noise * Math.sqrt(decay),
    };
  });
}
