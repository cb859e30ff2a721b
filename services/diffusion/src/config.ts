import { inferenceSettings } from '@atelier/inference/service';
import { defaultBundlePath } from '@atelier/models';
import { defineConfig } from '@atelier/process';
import { defaultAddress } from '@atelier/rpc';
import { z } from 'zod';

export const config = defineConfig(
  z.object({
    ...inferenceSettings,
    /** What answers people at once goes first: a picture is seconds in the making anyway. */
    inferenceNiceness: inferenceSettings.inferenceNiceness.unwrap().default(10),
    /** Where to listen, "host:port". */
    listenAddress: z.string().default(defaultAddress('diffusion')),
    /** Folder of the model bundle; needs the role `denoiser`. */
    modelBundle: z.string().default(defaultBundlePath()),
    /** Pictures in hand at once, 1..1000; one more gets RESOURCE_EXHAUSTED. One caller alone may fill half. */
    diffusionMaxDrawings: z.coerce.number().int().min(1).max(1000).default(32),
    /** Shares of callers that have another than 1, "name=weight" with weights 0.01..100, comma-separated. */
    diffusionCallerWeights: z
      .string()
      .default('')
      .transform((text, context) => {
        const weights = new Map<string, number>();
        for (const entry of text.split(',').filter((one) => one.trim() !== '')) {
          const [, name, weight] = /^\s*([A-Za-z0-9_.-]{1,64})=([0-9.]+)\s*$/.exec(entry) ?? [];
          const value = Number(weight);
          if (name && value >= 0.01 && value <= 100) weights.set(name, value);
          else context.addIssue({ code: 'custom', message: 'must be "name=weight,…", weights 0.01 to 100' });
        }
        return weights;
      }),
    /** Pictures whose steps share a run, 1..64; fewer where that would change a picture's bits. For GPUs. */
    diffusionMaxBatch: z.coerce.number().int().min(1).max(64).default(1),
    /** Runs of the denoiser at once while several pictures are in hand, 1..64: each with its part of the threads. CPU alone. */
    diffusionLanes: z.coerce.number().int().min(1).max(64).default(2),
    /**
     * Seconds that denoising a picture may take: requests that name no profile get the best of the bundle's that keeps it
     * by its measured figures, 0.01..600. Unset: the model's own defaults.
     */
    diffusionTargetSeconds: z.coerce.number().min(0.01).max(600).optional(),
    /** Latent models: pictures with a longer side are decoded in tiles of this side, 64..4096 pixels; saves memory. */
    diffusionDecoderTilePixels: z.coerce.number().int().min(64).max(4096).default(1024),
  }),
);
