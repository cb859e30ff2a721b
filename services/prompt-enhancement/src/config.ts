/** Settings of the prompt-enhancement service. */
import { defaultBundlePath } from '@atelier/models';
import { defineConfig } from '@atelier/process';
import { z } from 'zod';

export const config = defineConfig(
  z.object({
    /** Own address, "host:port". */
    listenAddress: z
      .string()
      .regex(/^.+:\d{1,5}$/, 'expected host:port')
      .default('127.0.0.1:7403'),
    /** Folder of the model bundle whose vocabulary says what the models know. */
    modelBundle: z.string().default(defaultBundlePath()),
    /** JSON file {"phrases": […], "unless": […]} on the representation of people; default: nothing is ever said. */
    representationFile: z.string().optional(),
  }),
);
