/** Settings of prompt-safety; the only reader of its environment. */
import { defineConfig } from '@atelier/process';
import { defaultAddress } from '@atelier/rpc';
import { z } from 'zod';

export const config = defineConfig(
  z.object({
    /** Where to listen, "host:port". */
    listenAddress: z.string().default(defaultAddress('prompt-safety')),
  }),
);
