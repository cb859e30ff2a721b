/** Settings of the orchestrator; the only reader of its environment. */
import { accessSettings } from '@atelier/access';
import { defineConfig } from '@atelier/process';
import { z } from 'zod';

const address = (port: number) => z.string().default(`127.0.0.1:${port}`);

export const config = defineConfig(
  z.object({
    ...accessSettings,
    /** Where to serve GenerationService, "host:port". */
    listenAddress: address(7400),
    /** NATS servers with JetStream, comma-separated. */
    natsUrl: z.string().default('nats://127.0.0.1:4222').meta({ env: 'NATS_URL' }),
    /** File with the seed of this service's NKey, where the server asks for one; default: none. */
    natsSeedFile: z.string().optional().meta({ env: 'NATS_SEED_FILE' }),
    /** Copies of every JetStream stream, 1, 3 or 5. */
    natsReplicas: z.coerce.number().int().min(1).max(5).default(1),
    /** gRPC targets of the services that do the stages. */
    promptSafetyAddress: address(7402),
    promptEnhancementAddress: address(7403),
    textEncoderAddress: address(7404),
    diffusionAddress: address(7405),
    harmDetectionAddress: address(7406),
    superResolutionAddress: address(7407),
    /** Generations that this process runs at a time. */
    concurrentGenerations: z.coerce.number().int().min(1).max(256).default(2),
    /** Generations that may wait or run before new ones are refused with RESOURCE_EXHAUSTED. */
    queueLimit: z.coerce.number().int().min(1).max(10_000).default(100),
    /** Attempts before a generation that meets nothing but outages is FAILED. */
    maxAttempts: z.coerce.number().int().min(1).max(20).default(8),
    /** Silence after which another worker takes a generation over, milliseconds. */
    ackWaitMs: z.coerce.number().int().min(500).max(600_000).default(5_000),
    /** Longest that one attempt may run, milliseconds; 1,000 steps on a CPU take minutes. */
    attemptTimeoutMs: z.coerce.number().int().min(1_000).max(3_600_000).default(900_000),
    /** Ask for a preview after every n denoising steps; 0: none. Each preview costs a harm-detection call. */
    previewEverySteps: z.coerce.number().int().min(0).max(1_000).default(10),
    /** Certificate chain and Ed25519 key that content credentials are signed with, PEM; with neither pictures carry none. */
    credentialsCertificateFile: z.string().optional(),
    credentialsPrivateKeyFile: z.string().optional(),
    /** Languages that the mesh's models know, BCP 47, comma-separated. */
    languages: z
      .string()
      .default('en')
      .transform((list) => list.split(',').map((tag) => tag.trim())),
    /** How long generations in hand may take to finish at shutdown before another worker gets them, milliseconds. */
    drainMs: z.coerce.number().int().min(0).max(600_000).default(8_000),
  }),
);

export type Config = ReturnType<typeof config.load>;
