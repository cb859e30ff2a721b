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
    listenAddress: z.string().default(defaultAddress('super-resolution')),
    /** Folder of the model bundle; needs `super_resolution_256`, and `super_resolution_1024` for 1024 pixels. */
    modelBundle: z.string().default(defaultBundlePath()),
    /** Pictures that may wait at each network, 1..1000; beyond it RESOURCE_EXHAUSTED. */
    superResolutionMaxQueued: z.coerce.number().int().min(1).max(1000).default(16),
  }),
);
