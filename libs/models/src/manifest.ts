import { isAbsolute, normalize } from 'node:path';
import { z } from 'zod';
import { ProfileSchema } from './profile.ts';

/** File name of the manifest in a bundle's folder. */
export const MANIFEST_FILE = 'atelier.json';

const insideFolder = (path: string): boolean => !isAbsolute(path) && !normalize(path).startsWith('..');

const FileSchema = z.object({
  /** Relative to the bundle's folder, never outside it. */
  path: z.string().min(1).refine(insideFolder, 'must lie inside the bundle folder'),
  /** 64 lower-case hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
});

const RoleSchema = z.object({
  /** What the role is made of, by purpose: `model`, `tokenizer`, … `plain`: a model that takes the place of `model` where `instructions` lack. */
  files: z.record(z.string(), FileSchema),
  /** Processor instructions that `model` counts on, as Linux names them; alternatives in one entry, separated by |. */
  instructions: z.array(z.string().regex(/^[a-z0-9_|]+$/)).default([]),
  /** Facts that the role's service needs: sizes, schedule, prediction type. Each service checks its own. */
  config: z.record(z.string(), z.unknown()).default({}),
});

/** `atelier.json`: what a bundle holds. */
export const ManifestSchema = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  version: z.string().min(1),
  licence: z.string().min(1),
  /** BCP-47 languages of the prompts it understands. */
  languages: z.array(z.string().min(2)).min(1),
  roles: z.record(z.string(), RoleSchema),
  /** Tested ways to sample its denoiser, by name, such as "turbo". */
  profiles: z.record(z.string().regex(/^[a-z0-9-]{1,64}$/), ProfileSchema).default({}),
  /** As measured when it was made; shown, never acted on. */
  metrics: z.record(z.string(), z.unknown()).default({}),
});

export type Manifest = z.infer<typeof ManifestSchema>;
export type ManifestFile = z.infer<typeof FileSchema>;
