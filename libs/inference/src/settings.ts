import os from 'node:os';
import { z } from 'zod';
import { InferenceError } from './errors.ts';
import { parseProviders } from './providers.ts';

/** Settings of every service that computes models, to spread into its schema (`ATELIER_INFERENCE_…`). */
export const inferenceSettings = {
  /** Threads within an operator, 1..256; default: the machine's cores. */
  inferenceThreads: z.coerce.number().int().min(1).max(256).default(os.availableParallelism()),
  /** Execution providers, comma-separated, in order of preference; default `cpu`. */
  inferenceProviders: z
    .string()
    .default('cpu')
    .transform((text, context) => {
      try {
        return parseProviders(text.split(',').map((name) => name.trim()));
      } catch (error) {
        if (!(error instanceof InferenceError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
        return z.NEVER;
      }
    }),
  /** Busy-wait between operators for longer than the 50 µs of every session; only for machines whose cores have nothing else to do. Default false. */
  inferenceSpinning: z.stringbool().default(false),
  /** Linux niceness of the computing threads, 0..19; default 0. */
  inferenceNiceness: z.coerce.number().int().min(0).max(19).default(0),
};

/** As parsed from the environment. */
export type InferenceSettings = z.output<z.ZodObject<typeof inferenceSettings>>;

/** The settings as `createSession` takes them. */
export function sessionSettings(settings: InferenceSettings) {
  return {
    threads: settings.inferenceThreads,
    providers: settings.inferenceProviders,
    spinning: settings.inferenceSpinning,
    niceness: settings.inferenceNiceness,
  };
}
