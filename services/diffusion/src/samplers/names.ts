/** The samplers there are, by the names of their files. */
export type SamplerName =
  | 'ddim'
  | 'ddpm'
  | 'dpm_solver_pp_2m'
  | 'euler'
  | 'euler_ancestral'
  | 'flow_match_euler'
  | 'heun'
  | 'lcm'
  | 'pndm'
  | 'sde_dpm_solver_pp_2m';

/** Which sampler does what a scheduler class of diffusers does. */
export const SAMPLER_OF_CLASS = {
  DDIMScheduler: 'ddim',
  DDPMScheduler: 'ddpm',
  DPMSolverMultistepScheduler: 'dpm_solver_pp_2m',
  EulerAncestralDiscreteScheduler: 'euler_ancestral',
  EulerDiscreteScheduler: 'euler',
  FlowMatchEulerDiscreteScheduler: 'flow_match_euler',
  HeunDiscreteScheduler: 'heun',
  LCMScheduler: 'lcm',
  PNDMScheduler: 'pndm',
} as const satisfies Record<string, SamplerName>;

export type SchedulerClass = keyof typeof SAMPLER_OF_CLASS;
export const SCHEDULER_CLASSES = Object.keys(SAMPLER_OF_CLASS) as SchedulerClass[];
