import { inferenceSettings } from '@atelier/inference/service';
import { defaultBundlePath } from '@atelier/models';
import { defineConfig } from '@atelier/process';
import { defaultAddress } from '@atelier/rpc';
import { z } from 'zod';

export const config = defineConfig(
  z.object({
    ...inferenceSettings,
    /** Where to listen, "host:port". */
    listenAddress: z.string().default(defaultAddress('diffusion')),
    /** Folder of the model bundle; needs the role `denoiser`. */
    modelBundle: z.string().default(defaultBundlePath()),
    /** Pictures in hand at once, 1..1000; one more gets RESOURCE_EXHAUSTED. */
    diffusionMaxDrawings: z.coerce.number().int().min(1).max(1000).default(16),
    /** Pictures whose steps share a run, 1..64; fewer where that would change a picture's bits. For GPUs. */
    diffusionMaxBatch: z.coerce.number().int().min(1).max(64).default(1),
  }),
);
