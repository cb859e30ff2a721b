/** The settings that every process of the mesh has. */
import { z } from 'zod';
import { defineConfig } from './config.ts';

export const processConfig = defineConfig(
  z.object({
    /** Least severity that is logged. */
    logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    /** File that finished spans are appended to, one OTLP/JSON request a line; default: none. */
    traceFile: z.string().optional(),
    /** Share of new traces that are recorded, 0 to 1; a trace begun elsewhere follows its beginning. */
    traceRatio: z.coerce.number().min(0).max(1).default(1),
    /** OTLP collector that spans go to, for example http://127.0.0.1:4318; default: none. */
    otlpEndpoint: z.url().meta({ env: 'OTEL_EXPORTER_OTLP_ENDPOINT' }).optional(),
    /** Where /metrics (Prometheus) and /healthz are served over plain HTTP, "host:port"; default: nowhere. */
    metricsAddress: z
      .string()
      .regex(/^.+:\d{1,5}$/, 'expected host:port')
      .optional(),
    /** Certificate of the process, its key, and the mesh's authorities, PEM files; all or none. Default: plaintext. */
    tlsCertificateFile: z.string().optional(),
    tlsPrivateKeyFile: z.string().optional(),
    tlsCaFile: z.string().optional(),
    /** Where health is answered without TLS, for probes without a certificate, "host:port"; default: nowhere. */
    healthAddress: z
      .string()
      .regex(/^.+:\d{1,5}$/, 'expected host:port')
      .optional(),
    /** How long calls in hand may take to finish at shutdown, milliseconds. */
    shutdownGraceMs: z.coerce.number().int().min(0).max(600_000).default(10_000),
    /** Whether to shut down when standard input ends, which it does when the process at its other end dies. */
    exitWithStdin: z.stringbool().default(false),
  }),
);

export type ProcessConfig = z.output<typeof processConfig.schema>;
