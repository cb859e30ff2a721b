/** Settings of the prompt-enhancement service. */
import { inferenceSettings } from '@atelier/inference/service';
import { defaultBundlePath } from '@atelier/models';
import { defineConfig } from '@atelier/process';
import { z } from 'zod';

export const config = defineConfig(
  z.object({
    ...inferenceSettings,
    /** The model is small: one thread leaves the cores to the picture being drawn. */
    inferenceThreads: inferenceSettings.inferenceThreads.unwrap().default(1),
    /** Own address, "host:port". */
    listenAddress: z
      .string()
      .regex(/^.+:\d{1,5}$/, 'expected host:port')
      .default('127.0.0.1:7403'),
    /** Folder of the model bundle whose vocabulary says what the models know. */
    modelBundle: z.string().default(defaultBundlePath()),
    /** Longest the bundle's enhancer may take for a prompt, milliseconds; then the rules' phrases are used. */
    enhancerTimeoutMs: z.coerce.number().int().min(1).max(60_000).default(1_500),
    /** Whether gender, age and skin are drawn with equal chances where a prompt leaves them open. */
    representation: z.enum(['balanced', 'off']).default('balanced'),
    /** JSON file {"phrases": […], "unless": […]} to draw from instead. */
    representationFile: z.string().optional(),
  }),
);
