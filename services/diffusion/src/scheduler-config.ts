import { z } from 'zod';

/**
 * The noise schedule a denoiser was trained with, in the keys and defaults of diffusers' `scheduler_config.json`, so
 * that such a file can be read as it is.
 */
export const SchedulerConfigSchema = z.object({
  num_train_timesteps: z.int().min(1).max(100_000).default(1000),
  beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']).default('linear'),
  /** First and last β of the linear schedules, in (0, 1). */
  beta_start: z.number().gt(0).lt(1).default(0.0001),
  beta_end: z.number().gt(0).lt(1).default(0.02),
  /** What the network's output means. */
  prediction_type: z.enum(['epsilon', 'sample', 'v_prediction']).default('epsilon'),
  timestep_spacing: z.enum(['leading', 'trailing', 'linspace']).default('leading'),
  /** Added to each timestep of `leading`. */
  steps_offset: z.int().min(0).default(0),
  /** Rescale to zero terminal signal-to-noise (Lin et al. 2023). */
  rescale_betas_zero_snr: z.boolean().default(false),
  /** Whether ᾱ after the last step is 1, or that of timestep 0. */
  set_alpha_to_one: z.boolean().default(true),
  /** Clamp the predicted picture to ±`clip_sample_range`. */
  clip_sample: z.boolean().default(true),
  clip_sample_range: z.number().positive().default(1),
  /** Dynamic thresholding (Saharia et al. 2022) in place of clamping. */
  thresholding: z.boolean().default(false),
  dynamic_thresholding_ratio: z.number().min(0).max(1).default(0.995),
  sample_max_value: z.number().min(1).default(1),
});

export type SchedulerConfig = z.infer<typeof SchedulerConfigSchema>;
