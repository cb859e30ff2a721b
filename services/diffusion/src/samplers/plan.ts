import { type SchedulerConfig, samplerSettings } from '../scheduler-config.ts';
import { ddim } from './ddim.ts';
import { ddpm } from './ddpm.ts';
import { dpmSolverPp2m } from './dpm-solver-pp-2m.ts';
import { euler } from './euler.ts';
import { eulerAncestral } from './euler-ancestral.ts';
import { flowMatchEuler } from './flow-match-euler.ts';
import { heun } from './heun.ts';
import { lcm } from './lcm.ts';
import type { SamplerName } from './names.ts';
import { pndm } from './pndm.ts';
import type { SamplerPlan } from './sampler.ts';
import { sdeDpmSolverPp2m } from './sde-dpm-solver-pp-2m.ts';

export interface SamplingOptions {
  /** DDIM's noise, 0..1; the others have none of it. Default 0. */
  readonly eta?: number | undefined;
}

const SAMPLERS: Record<SamplerName, (config: SchedulerConfig, steps: number, eta?: number) => SamplerPlan> = {
  ddim,
  ddpm,
  dpm_solver_pp_2m: dpmSolverPp2m,
  euler,
  euler_ancestral: eulerAncestral,
  flow_match_euler: flowMatchEuler,
  heun,
  lcm,
  pndm,
  sde_dpm_solver_pp_2m: sdeDpmSolverPp2m,
};

/**
 * A picture's way with a sampler.
 * @throws RangeError when it can't take that many steps.
 */
export function planSampling(
  sampler: SamplerName,
  config: SchedulerConfig,
  steps: number,
  { eta }: SamplingOptions = {},
): SamplerPlan {
  return SAMPLERS[sampler](config, steps, eta);
}

/** Most steps a sampler can take with a model. */
export function maxSteps(sampler: SamplerName, config: SchedulerConfig): number {
  switch (sampler) {
    case 'lcm':
      return samplerSettings(config, sampler).original_inference_steps;
    // One timestep more marks the end of the last step.
    case 'dpm_solver_pp_2m':
    case 'sde_dpm_solver_pp_2m':
      return Math.max(1, config.num_train_timesteps - 1);
    default:
      return config.num_train_timesteps;
  }
}

/** Whether a sampler can follow what the network predicts: flows have samplers of their own. */
export function canSample(sampler: SamplerName, config: SchedulerConfig): boolean {
  const flow = config._class_name === 'FlowMatchEulerDiscreteScheduler';
  return flow === (sampler === 'flow_match_euler');
}
