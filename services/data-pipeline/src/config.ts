import { defineConfig } from '@atelier/process';
import { z } from 'zod';

/** A worker's own settings; what a run is told travels with the run. */
export const config = defineConfig(
  z.object({
    /** Where health is answered, "host:port"; port 0 for any. */
    listenAddress: z.string().default('127.0.0.1:0'),
    /** NATS servers, comma-separated. */
    natsUrl: z.string().meta({ env: 'NATS_URL' }).default('nats://127.0.0.1:4222'),
    /** File with the seed of this service's NKey, where the server asks for one; default: none. */
    natsSeedFile: z.string().optional().meta({ env: 'NATS_SEED_FILE' }),
  }),
);
