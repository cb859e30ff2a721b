import { stepsOfStrength } from '@atelier/contracts';
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
  /** Share of the way that is gone when a picture is begun from another, above 0 to 1; for LCM, whose steps it spreads. */
  readonly strength?: number | undefined;
}

type Planner = (config: SchedulerConfig, steps: number, options: SamplingOptions) => SamplerPlan;

const SAMPLERS: Record<SamplerName, Planner> = {
  ddim: (config, steps, { eta }) => ddim(config, steps, eta),
  ddpm,
  dpm_solver_pp_2m: dpmSolverPp2m,
  euler,
  euler_ancestral: eulerAncestral,
  flow_match_euler: flowMatchEuler,
  heun,
  lcm: (config, steps, { strength }) => lcm(config, steps, strength),
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
  options: SamplingOptions = {},
): SamplerPlan {
  return SAMPLERS[sampler](config, steps, options);
}

/** The entry of a plan of so many steps with which its last `taken` steps begin. */
export function firstEntry(sampler: SamplerName, steps: number, taken: number): number {
  // LCM spreads all its steps over the part that is left; each of Heun's but the last has two entries.
  if (sampler === 'lcm') return 0;
  return (steps - taken) * (sampler === 'heun' ? 2 : 1);
}

/** Most steps a sampler can take with a model. @param strength see SamplingOptions. */
export function maxSteps(sampler: SamplerName, config: SchedulerConfig, strength = 1): number {
  switch (sampler) {
    case 'lcm':
      return stepsOfStrength(samplerSettings(config, sampler).original_inference_steps, strength);
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
