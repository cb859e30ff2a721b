/** Settings of the web edge; the only reader of its environment. */
import { defineConfig } from '@atelier/process';
import { defaultAddress } from '@atelier/rpc';
import { z } from 'zod';

const address = z.string().regex(/^.+:\d{1,5}$/, 'expected host:port');

export const config = defineConfig(
  z.object({
    /** Where to serve FeedbackService, "host:port". */
    listenAddress: address.default(defaultAddress('web')),
    /** Where to serve the page and the HTTP interface, "host:port". */
    httpAddress: address.default('127.0.0.1:7409'),
    /** How the outside reaches `httpAddress`, for links in answers; default: as the request's Host says. */
    publicUrl: z.url({ protocol: /^https?$/ }).optional(),
    /** NATS servers with JetStream, comma-separated. */
    natsUrl: z.string().default('nats://127.0.0.1:4222').meta({ env: 'NATS_URL' }),
    /** File with the NKey seed of its NATS user; unset: a server that asks for none. */
    natsSeedFile: z.string().optional().meta({ env: 'NATS_SEED_FILE' }),
    /** gRPC targets of the services behind the page. */
    orchestratorAddress: z.string().default(defaultAddress('orchestrator')),
    autocompleteAddress: z.string().default(defaultAddress('autocomplete')),
    promptEnhancementAddress: z.string().default(defaultAddress('prompt-enhancement')),
    /** gRPC target of insights, asked for the side of whoever takes part in the experiment. */
    insightsAddress: z.string().default('127.0.0.1:7410'),
    /** Experiment of insights that everybody takes part in; its model versions are profiles of the bundle. Default: none. */
    webExperiment: z.string().min(1).max(64).optional(),
    /** Tenant that everybody shares, history included; default: each browser and each key is a tenant of its own. */
    webTenant: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/, 'expected 1 to 64 characters of [a-z0-9-]')
      .optional(),
  }),
);

export type Config = ReturnType<typeof config.load>;
