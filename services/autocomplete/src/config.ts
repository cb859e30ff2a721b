/** Settings of the autocomplete service. */
import { accessSettings } from '@atelier/access';
import { inferenceSettings } from '@atelier/inference/service';
import { defaultBundlePath } from '@atelier/models';
import { defineConfig } from '@atelier/process';
import { z } from 'zod';

const address = z.string().regex(/^.+:\d{1,5}$/, 'expected host:port');

export const config = defineConfig(
  z.object({
    ...accessSettings,
    ...inferenceSettings,
    /** A keystroke's model is small: one thread leaves the cores to the picture being drawn. */
    inferenceThreads: inferenceSettings.inferenceThreads.unwrap().default(1),
    /** Own address, "host:port". */
    listenAddress: address.default('127.0.0.1:7401'),
    /** Folder of the model bundle with the role prompt_index. */
    modelBundle: z.string().default(defaultBundlePath()),
    /** Longest the bundle's language_model may take for a keystroke, milliseconds. */
    languageModelTimeoutMs: z.coerce.number().int().min(1).max(1000).default(4),
    /** Where composed suggestions are judged, "host:port". */
    promptSafetyAddress: address.default('127.0.0.1:7402'),
    /** How long a keystroke waits for that, milliseconds; what is not judged by then is offered from the next one on. */
    promptSafetyTimeoutMs: z.coerce.number().int().min(1).max(1000).default(3),
    /** NATS servers to learn accepted prompts from, comma-separated; default: none, nothing is learnt. */
    natsUrl: z.string().optional().meta({ env: 'NATS_URL' }),
    /** File with the seed of this service's NKey, where the server asks for one; default: none. */
    natsSeedFile: z.string().optional().meta({ env: 'NATS_SEED_FILE' }),
    /** Generations of a prompt before others are offered it. */
    learnedMinTimes: z.coerce.number().int().min(1).max(1_000_000).default(3),
    /** Different prompts of accepted generations that are counted. */
    learnedMaxPrompts: z.coerce.number().int().min(1).max(1_000_000).default(20_000),
  }),
);
