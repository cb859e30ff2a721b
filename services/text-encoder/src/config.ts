import { inferenceSettings } from '@atelier/inference/service';
import { defaultBundlePath } from '@atelier/models';
import { defineConfig } from '@atelier/process';
import { defaultAddress } from '@atelier/rpc';
import { z } from 'zod';

export const config = defineConfig(
  z.object({
    ...inferenceSettings,
    /** Where to listen, "host:port". */
    listenAddress: z.string().default(defaultAddress('text-encoder')),
    /** Folder of the model bundle; needs the roles `text_encoder` and `vocabulary`. */
    modelBundle: z.string().default(defaultBundlePath()),
    /** Windows computed together, 1..64. Above 1 the bytes of an embedding may depend on its neighbours. */
    textEncoderMaxBatch: z.coerce.number().int().min(1).max(64).default(1),
    /** Longest a window waits for company while the network is idle, milliseconds, 0..100. */
    textEncoderMaxDelayMs: z.coerce.number().min(0).max(100).default(0),
    /** Windows that may wait, 1..10,000; beyond it RESOURCE_EXHAUSTED. */
    textEncoderMaxQueued: z.coerce.number().int().min(1).max(10_000).default(256),
    /** Memory for cached embeddings, megabytes, 1..4,096. */
    textEncoderCacheMb: z.coerce.number().min(1).max(4096).default(64),
  }),
);
