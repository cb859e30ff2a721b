import { z } from 'zod';
import { SAMPLER_OF_CLASS, type SamplerName, SCHEDULER_CLASSES } from './samplers/names.ts';

/** An option of diffusers that changes the picture and isn't supported: refused rather than ignored. */
const off = z.literal(false).optional();

/**
 * The noise schedule a denoiser was trained with and how it is sampled by default, in the keys of diffusers'
 * `scheduler_config.json`, so that such a file can be read as it is. What it leaves out has the default of the
 * sampler's class in diffusers (`samplerSettings`).
 */
export const SchedulerConfigSchema = z.object({
  /** The scheduler's class in diffusers. */
  _class_name: z
    .enum(SCHEDULER_CLASSES, {
      error: ({ input }) => `unknown scheduler "${input}"; known are ${SCHEDULER_CLASSES.join(', ')}`,
    })
    .default('DDIMScheduler'),
  num_train_timesteps: z.int().min(1).max(100_000).default(1000),
  beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']).optional(),
  /** First and last β of the linear schedules, in (0, 1). */
  beta_start: z.number().gt(0).lt(1).optional(),
  beta_end: z.number().gt(0).lt(1).optional(),
  /** What the network's output means. */
  prediction_type: z.enum(['epsilon', 'sample', 'v_prediction', 'flow_prediction']).optional(),
  timestep_spacing: z.enum(['leading', 'trailing', 'linspace']).optional(),
  /** Added to each timestep of `leading`. */
  steps_offset: z.int().min(0).optional(),
  /** Rescale to zero terminal signal-to-noise (Lin et al. 2023). */
  rescale_betas_zero_snr: z.boolean().optional(),
  /** Whether ᾱ after the last step is 1, or that of timestep 0. */
  set_alpha_to_one: z.boolean().optional(),
  /** Clamp the predicted picture to ±`clip_sample_range`. */
  clip_sample: z.boolean().optional(),
  clip_sample_range: z.number().positive().optional(),
  /** Dynamic thresholding (Saharia et al. 2022) in place of clamping. */
  thresholding: z.boolean().optional(),
  dynamic_thresholding_ratio: z.number().min(0).max(1).optional(),
  sample_max_value: z.number().min(1).optional(),
  /** Space σ as Karras et al. 2022 do (Euler, Heun, DPM-Solver++). */
  use_karras_sigmas: z.boolean().nullish(),
  /** Ends of the Karras schedule; null takes them from the training schedule. */
  sigma_min: z.number().positive().nullish(),
  sigma_max: z.number().positive().nullish(),
  /** Whether the last σ is 0 or that of timestep 0 (Euler, DPM-Solver++). */
  final_sigmas_type: z.enum(['zero', 'sigma_min']).optional(),
  /** Variance of DDPM's noise: β̃ (small) or β (large). */
  variance_type: z.enum(['fixed_small', 'fixed_small_log', 'fixed_large']).nullish(),
  /** DPM-Solver++ with or without noise. */
  algorithm_type: z.enum(['dpmsolver++', 'sde-dpmsolver++']).optional(),
  solver_order: z.int().min(1).max(2).optional(),
  solver_type: z.enum(['midpoint', 'heun']).optional(),
  lower_order_final: z.boolean().optional(),
  euler_at_final: z.boolean().optional(),
  /** Least log signal-to-noise to start from; −Infinity for the noisiest timestep. */
  lambda_min_clipped: z.number().or(z.literal(Number.NEGATIVE_INFINITY)).optional(),
  /** Steps of the schedule a latent consistency model was distilled on. */
  original_inference_steps: z.int().min(1).optional(),
  timestep_scaling: z.number().positive().optional(),
  /** Shift of a flow's σ towards noise (Esser et al. 2024, section 5.3.2). */
  shift: z.number().positive().optional(),
  /** PNDM without its Runge–Kutta warm-up, as Stable Diffusion has it; the other way isn't supported. */
  skip_prk_steps: z.literal(true).optional(),

  trained_betas: z.null().optional(),
  use_exponential_sigmas: off.nullable(),
  use_beta_sigmas: off.nullable(),
  use_lu_lambdas: off,
  use_flow_sigmas: off,
  use_dynamic_shifting: off,
  invert_sigmas: off,
  stochastic_sampling: off,
  shift_terminal: z.null().optional(),
  interpolation_type: z.literal('linear').optional(),
  timestep_type: z.literal('discrete').optional(),
});

/** As read: what the file says and nothing else. */
export type SchedulerConfig = z.infer<typeof SchedulerConfigSchema>;

/** As a sampler reads it: everything has a value. */
export type SamplerSettings = {
  [Key in keyof typeof DEFAULTS]: Exclude<SchedulerConfig[Key & keyof SchedulerConfig], undefined>;
} & { readonly num_train_timesteps: number };

export type PredictionType = SamplerSettings['prediction_type'];
export type TimestepSpacing = Pick<
  SamplerSettings,
  'num_train_timesteps' | 'timestep_spacing' | 'steps_offset'
>;
export type BetaSchedule = Pick<
  SamplerSettings,
  'num_train_timesteps' | 'beta_schedule' | 'beta_start' | 'beta_end' | 'rescale_betas_zero_snr'
>;
export type PictureLimits = Pick<
  SamplerSettings,
  'clip_sample' | 'clip_sample_range' | 'thresholding' | 'dynamic_thresholding_ratio' | 'sample_max_value'
>;

/** What most of diffusers' classes have as defaults. */
const DEFAULTS = {
  beta_schedule: 'linear',
  beta_start: 0.0001,
  beta_end: 0.02,
  prediction_type: 'epsilon',
  timestep_spacing: 'leading',
  steps_offset: 0,
  rescale_betas_zero_snr: false,
  set_alpha_to_one: true,
  clip_sample: false,
  clip_sample_range: 1,
  thresholding: false,
  dynamic_thresholding_ratio: 0.995,
  sample_max_value: 1,
  use_karras_sigmas: false,
  sigma_min: null,
  sigma_max: null,
  final_sigmas_type: 'zero',
  variance_type: 'fixed_small',
  solver_order: 2,
  solver_type: 'midpoint',
  lower_order_final: true,
  euler_at_final: false,
  lambda_min_clipped: Number.NEGATIVE_INFINITY,
  original_inference_steps: 50,
  timestep_scaling: 10,
  shift: 1,
} satisfies Partial<SchedulerConfig>;

const LINSPACE = { timestep_spacing: 'linspace' } as const;
/** Where a class differs. */
const OWN_DEFAULTS: Readonly<Record<SamplerName, Partial<SchedulerConfig>>> = {
  ddim: { clip_sample: true },
  ddpm: { clip_sample: true },
  euler: LINSPACE,
  euler_ancestral: LINSPACE,
  heun: { ...LINSPACE, beta_start: 0.00085, beta_end: 0.012 },
  dpm_solver_pp_2m: LINSPACE,
  sde_dpm_solver_pp_2m: LINSPACE,
  lcm: { beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 },
  flow_match_euler: { prediction_type: 'flow_prediction' },
  pndm: { set_alpha_to_one: false },
};

/** The sampler a config names, by its class and, for DPM-Solver++, its algorithm. */
export function defaultSampler(config: SchedulerConfig): SamplerName {
  const sampler = SAMPLER_OF_CLASS[config._class_name];
  const stochastic = sampler === 'dpm_solver_pp_2m' && config.algorithm_type === 'sde-dpmsolver++';
  return stochastic ? 'sde_dpm_solver_pp_2m' : sampler;
}

/**
 * The config as one sampler reads it. What the file states holds for any sampler; the rest are that sampler's own
 * defaults, as when diffusers makes one scheduler from another's config.
 */
export function samplerSettings(config: SchedulerConfig, sampler: SamplerName): SamplerSettings {
  const stated = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, ...OWN_DEFAULTS[sampler], ...stated } as SamplerSettings;
}
