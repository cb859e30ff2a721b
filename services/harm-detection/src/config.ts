/** Settings of harm-detection; the only reader of its environment. */
import { existsSync } from 'node:fs';
import { defaultBundlePath } from '@atelier/models';
import { defineConfig } from '@atelier/process';
import { defaultAddress } from '@atelier/rpc';
import { z } from 'zod';

export const config = defineConfig(
  z.object({
    /** Where to listen, "host:port". */
    listenAddress: z.string().default(defaultAddress('harm-detection')),
    /** Bundle folder whose `harm_classifier` joins the ensemble; default: the starter bundle, where there is one. */
    modelBundle: z
      .string()
      .optional()
      .transform((path) => path ?? (existsSync(defaultBundlePath()) ? defaultBundlePath() : undefined)),
    /** Pictures that may wait or compute at once; more are refused. */
    harmMaxQueued: z.coerce.number().int().min(1).max(1024).default(32),
    /** A classifier thread that does not answer for so long is replaced, milliseconds. */
    harmTimeoutMs: z.coerce.number().int().min(100).max(60_000).default(20_000),
  }),
);
