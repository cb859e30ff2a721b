/** The mesh on one machine: every service, where its code lives, its default port, how the others find it. */
import { fileURLToPath } from 'node:url';

/** Repository root, absolute, without a trailing slash. */
export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** For what answers a keystroke: with less promoted, the large collections behind the slowest of a hundred are rarer. */
const KEYSTROKE_SEMI_SPACE_MB = 16;

/**
 * What V8 compiles with comes in blocks of 32 KB: freed between others, they stay resident.
 * Not for those with large models, whose thousands of weights would each be rounded to pages.
 */
const COMPILER_BLOCK_BYTES = 32_768;

const ROWS = [
  {
    name: 'orchestrator',
    port: 7400,
    ownPagesFrom: COMPILER_BLOCK_BYTES,
    behindKeystrokes: true,
    needsNats: true,
    promise: 'owns a generation from accepted to finished',
  },
  {
    name: 'autocomplete',
    port: 7401,
    ownPagesFrom: COMPILER_BLOCK_BYTES,
    semiSpaceMb: KEYSTROKE_SEMI_SPACE_MB,
    needsNats: true,
    promise: 'prefix → ranked completions',
  },
  {
    name: 'prompt-safety',
    port: 7402,
    ownPagesFrom: COMPILER_BLOCK_BYTES,
    semiSpaceMb: KEYSTROKE_SEMI_SPACE_MB,
    needsNats: false,
    promise: 'prompt → verdict',
  },
  {
    name: 'prompt-enhancement',
    port: 7403,
    ownPagesFrom: COMPILER_BLOCK_BYTES,
    behindKeystrokes: true,
    needsNats: false,
    promise: 'prompt → richer prompt',
  },
  {
    name: 'text-encoder',
    port: 7404,
    ownPagesFrom: COMPILER_BLOCK_BYTES,
    behindKeystrokes: true,
    needsNats: false,
    promise: 'prompt → embeddings',
  },
  {
    name: 'diffusion',
    port: 7405,
    behindKeystrokes: true,
    needsNats: false,
    promise: 'embeddings + seed → base image',
  },
  {
    name: 'harm-detection',
    port: 7406,
    behindKeystrokes: true,
    needsNats: false,
    promise: 'image → verdict',
  },
  {
    name: 'super-resolution',
    port: 7407,
    behindKeystrokes: true,
    needsNats: false,
    promise: 'small image → large image',
  },
  {
    name: 'web',
    port: 7408,
    ownPagesFrom: COMPILER_BLOCK_BYTES,
    httpPort: 7409,
    needsNats: true,
    promise: 'the page people use, and HTTP',
  },
] as const;

export type ServiceName = (typeof ROWS)[number]['name'];

/** One service of the mesh. */
export interface ServiceRow {
  name: ServiceName;
  /** Folder in the repository, for example `services/text-encoder`; it holds `src/main.ts`. */
  folder: string;
  /** Default port on 127.0.0.1. */
  port: number;
  /** Default port of what it serves over HTTP, told it in ATELIER_HTTP_ADDRESS; most serve nothing there. */
  httpPort?: number;
  /** Whether a picture passes through it: seconds in the making, it gives way to what answers a keystroke. */
  behindKeystrokes?: boolean;
  /** Most that a V8 semi-space takes, megabytes; the launcher's own default where it isn't given. */
  semiSpaceMb?: number;
  /** From how many bytes on malloc gives a block pages of its own; malloc's own default where it isn't given. */
  ownPagesFrom?: number;
  /** Whether it talks to a NATS server, which is then started first. */
  needsNats: boolean;
  /** Variable in which the others look for its `host:port`, for example `ATELIER_TEXT_ENCODER_ADDRESS`. */
  addressVariable: string;
  /** What it does, in a few words. */
  promise: string;
}

/** `text-encoder` → `ATELIER_TEXT_ENCODER_ADDRESS`. */
export const addressVariable = (name: ServiceName): string =>
  `ATELIER_${name.toUpperCase().replaceAll('-', '_')}_ADDRESS`;

export const SERVICES: readonly ServiceRow[] = ROWS.map((row) => ({
  ...row,
  folder: `services/${row.name}`,
  addressVariable: addressVariable(row.name),
}));

/** The row of a service. */
export const serviceRow = (name: ServiceName): ServiceRow =>
  SERVICES.find((row) => row.name === name) as ServiceRow;

/** Absolute path of the program of a service. */
export const entryOf = (row: ServiceRow): string => `${REPOSITORY}/${row.folder}/src/main.ts`;
