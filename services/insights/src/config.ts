/** Settings of the insights service; the only reader of its environment. */
import { defineConfig } from '@atelier/process';
import { z } from 'zod';
import { parsePrices } from './store/prices.ts';

const address = z.string().regex(/^.+:\d{1,5}$/, 'expected host:port');

export const config = defineConfig(
  z.object({
    /** Where to serve InsightsService, "host:port". */
    listenAddress: address.default('127.0.0.1:7410'),
    /** Where to serve the page with plots, "host:port"; default: nowhere. */
    pageAddress: address.optional(),
    /** NATS servers with JetStream, comma-separated. */
    natsUrl: z.string().default('nats://127.0.0.1:4222').meta({ env: 'NATS_URL' }),
    /** File with the seed of this service's NKey, where the server asks for one; default: none. */
    natsSeedFile: z.string().optional().meta({ env: 'NATS_SEED_FILE' }),
    /** The database's file; made when it is not there. */
    insightsDatabase: z.string().default('.atelier/insights.duckdb'),
    /** Memory that the database may use, MiB. */
    insightsMemoryMib: z.coerce.number().int().min(64).max(1_048_576).default(512),
    /** Threads that the database computes on. */
    insightsThreads: z.coerce.number().int().min(1).max(256).default(1),
    /** Most events that are kept in one transaction. */
    insightsBatch: z.coerce.number().int().min(1).max(10_000).default(1_000),
    /** Silence after which events that were not kept are given again, milliseconds. */
    insightsAckWaitMs: z.coerce.number().int().min(3_000).max(600_000).default(30_000),
    /** Role of the model whose version the metrics are by. */
    insightsRole: z.string().default('denoiser'),
    /** Prices of the stages' time, millionths of the currency an hour, "stage=price" comma-separated; "*": of all others. */
    insightsPrices: z
      .string()
      .default('queue=0,*=40000')
      .transform((text, context) => {
        try {
          return parsePrices(text);
        } catch (error) {
          context.addIssue(error instanceof Error ? error.message : String(error));
          return z.NEVER;
        }
      }),
    /** JSON file with the experiments; default: none. */
    insightsExperiments: z.string().optional(),
    /** Folder for Parquet files; default: none are written. */
    insightsParquetFolder: z.string().optional(),
    /** Folder for the pictures that may be learnt from; default: none are written. */
    insightsUserDataFolder: z.string().optional(),
    /** Time between two exports, milliseconds; 0: only when asked for. */
    insightsExportEveryMs: z.coerce.number().int().min(0).max(2_147_483_647).default(600_000),
  }),
);

export type Config = ReturnType<typeof config.load>;
