import type { Bundle } from '@atelier/models';
import { z } from 'zod';

/** From a diffusers VAE's `config.json`. */
const LatentScaleSchema = z.object({
  /** Latents were multiplied by it for the denoiser. */
  scalingFactor: z.number().positive(),
  /** Subtracted from latents before that; default 0. */
  shiftFactor: z.number().default(0),
  /** Mean and deviation of each latent channel, for VAEs whose latents were normalised by them. */
  latentsMean: z.array(z.number()).optional(),
  latentsStd: z.array(z.number()).optional(),
});

/** Between the units of a VAE's latents and those of the denoiser: sample = (latent − shift) · scaling / deviation. */
export interface LatentScale {
  readonly shift: number;
  readonly scaling: number;
  readonly deviation: number;
}

/** The scale of each latent channel, by the config of a VAE's role. */
export function latentScales(bundle: Bundle, role: string): (channel: number) => LatentScale {
  const { scalingFactor, shiftFactor, latentsMean, latentsStd } = bundle.config(role, LatentScaleSchema);
  return (channel) => ({
    shift: latentsMean?.[channel] ?? shiftFactor,
    scaling: scalingFactor,
    deviation: latentsStd?.[channel] ?? 1,
  });
}
