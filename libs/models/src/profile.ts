import { z } from 'zod';

/** A figure with the ends of its 95 % interval. */
const EstimateSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** What a profile costs and saves against the full model: 50 steps of DDIM, guided throughout. Losses below 0 are gains. */
export const ProfileFiguresSchema = z.object({
  /** SHA-256 of the denoiser that was measured: the figures are another one's when it differs. */
  denoiser: z.string(),
  /** Held-out prompts. */
  prompts: z.int().min(1),
  /** How many times less time denoising takes. */
  speedup: z.number().positive(),
  /** Of one base picture's denoising, median, on the machine that measured. */
  secondsPerPicture: z.number().positive(),
  /** Points of 100. */
  rPrecisionLoss: EstimateSchema,
  /** Share of the full model's CLIPScore in percent. */
  clipScoreLoss: EstimateSchema,
  /** Stated attributes that a judge no longer sees, points of 100. */
  attributeLoss: EstimateSchema,
  /** Fréchet distance to renders over the full model's, by the judge's features; 1 is as good. */
  frechetRatio: z.number(),
  /** Largest total variation distance of gender, skin tone or age from the full model's, where the prompt leaves them open. */
  fairnessDistance: z.number(),
  /** Of pictures with harm in them that it draws again, those that harm detection no longer blocks, points of 100. */
  safetyRecallLoss: EstimateSchema.optional(),
});
export type ProfileFigures = z.infer<typeof ProfileFiguresSchema>;

/** A tested way to sample: what holds where a request leaves the choice to the model. */
export const ProfileSchema = z.object({
  /** As diffusion spells it, "ddim"; checked there. */
  sampler: z.string(),
  steps: z.int().min(1).max(1000),
  /** Classifier-free guidance scale. */
  guidance: z.number().min(0).max(30),
  /** Noise levels σ, low < σ ≤ high, at which guidance is on; default: all. Steps outside cost half. */
  guidanceInterval: z
    .object({ low: z.number().min(0), high: z.number().positive().optional() })
    .refine(({ low, high }) => high === undefined || high > low, 'high must be above low')
    .optional(),
  timestepSpacing: z.enum(['leading', 'trailing', 'linspace']).optional(),
  /** As measured by `npm run optimise`; by the seconds a default is chosen. */
  figures: ProfileFiguresSchema.optional(),
});
export type Profile = z.infer<typeof ProfileSchema>;
