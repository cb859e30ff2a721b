/** Settings of prompt-safety; the only reader of its environment. */
import { existsSync } from 'node:fs';
import { inferenceSettings } from '@atelier/inference/service';
import { defaultBundlePath } from '@atelier/models';
import { defineConfig } from '@atelier/process';
import { defaultAddress } from '@atelier/rpc';
import { z } from 'zod';
import { tenantThresholds } from './thresholds.ts';

export const config = defineConfig(
  z.object({
    ...inferenceSettings,
    /** The classifier is small: one thread leaves the cores to the picture being drawn. */
    inferenceThreads: inferenceSettings.inferenceThreads.unwrap().default(1),
    /** Where to listen, "host:port". */
    listenAddress: z.string().default(defaultAddress('prompt-safety')),
    /** Bundle folder whose `prompt_safety` role joins the rules; default: the starter bundle, where there is one. */
    modelBundle: z
      .string()
      .optional()
      .transform((path) => path ?? (existsSync(defaultBundlePath()) ? defaultBundlePath() : undefined)),
    /** Folder of the sentence encoder that the bundle's `prompt_reader` role is built on; default, or empty: the quick classifier judges alone. */
    promptEncoder: z
      .string()
      .optional()
      .transform((path) => path || undefined),
    /** Thresholds by tenant and category, JSON: {"*": {"violence": 0.6}, "press": {"nudity": 0.8}}; default: the policy's. */
    promptSafetyThresholds: tenantThresholds,
    /** URL of a translator for prompts in languages without a policy; default none: such prompts are refused. */
    translatorUrl: z.url().optional(),
    /** How long the translator may take, milliseconds. */
    translatorTimeoutMs: z.coerce.number().int().min(1).max(10_000).default(300),
  }),
);
