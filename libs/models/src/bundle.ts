import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { diffusersManifest, LENT_ROLES } from './diffusers-bundle.ts';
import { exists, MODEL_INDEX_FILE } from './diffusers-layout.ts';
import { BundleError } from './errors.ts';
import { machineInstructions, missingInstructions } from './instructions.ts';
import { verifyFile } from './integrity.ts';
import { MANIFEST_FILE, type Manifest, type ManifestFile, ManifestSchema } from './manifest.ts';
import { bundleFolder } from './registry.ts';

/** Which weights produced a result; the fields of `atelier.type.v1.ModelVersion`. */
export interface ModelIdentity {
  /** `<bundle>/<role>`, e.g. `starter/denoiser`. */
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the role's main file. */
  readonly sha256: string;
}

/** An opened bundle: its manifest, and its files by role and purpose. */
export interface Bundle {
  /** The folder. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** BCP-47, lower case. */
  readonly languages: readonly string[];
  readonly manifest: Manifest;
  has(role: string): boolean;
  /** Path of a role's file; `key` defaults to `model`. Throws BundleError ROLE_MISSING. */
  file(role: string, key?: string): string;
  /** A role's config, checked. Throws BundleError CONFIG_INVALID naming the fields. */
  config<T>(role: string, schema: z.ZodType<T>): T;
  /** What a role's results are signed with; `key` names its main file and defaults to `model`. */
  identity(role: string, key?: string): ModelIdentity;
  /** Processor instructions that a role's model counts on and this machine lacks: its file `plain` stands for `model` then. */
  missing(role: string): readonly string[];
}

export interface OpenBundleOptions {
  /** Roles that must be there and whose files are checked; default: every role of the manifest. */
  readonly roles?: readonly string[];
  /** Processor instructions that there are; default: the machine's. */
  readonly instructions?: ReadonlySet<string>;
}

/** The bundle that comes with the repository. */
export function defaultBundlePath(): string {
  return fileURLToPath(new URL('../../../bundles/starter', import.meta.url));
}

/**
 * Opens a bundle folder and checks its files once; nothing is loaded yet. A folder with `atelier.json` is held against
 * it; one in the diffusers layout (`model_index.json`) is taken as it is, and what it can't have is lent by the starter. A model's
 * folder in a registry opens the version in production.
 * @throws BundleError naming the manifest, role or file at fault; INSTRUCTIONS_MISSING for a role that is asked for, counts on what
 * this machine lacks, and has no plain model to fall back to.
 */
export async function openBundle(given: string, options: OpenBundleOptions = {}): Promise<Bundle> {
  const path = await bundleFolder(given);
  if (!(await exists(join(path, MANIFEST_FILE))) && (await exists(join(path, MODEL_INDEX_FILE)))) {
    return await openDiffusersFolder(path, options);
  }
  const manifest = await readManifest(path);
  const present = options.instructions ?? (await machineInstructions());
  const bundle = new OpenedBundle(path, manifest, present);
  const roles = options.roles ?? Object.keys(manifest.roles);
  for (const role of roles) bundle.requirePlain(role);
  const files = roles.flatMap((role) => Object.values(bundle.role(role).files));
  await Promise.all(files.map((file) => verifyFile(join(path, file.path), file)));
  return bundle;
}

async function openDiffusersFolder(path: string, { roles }: OpenBundleOptions): Promise<Bundle> {
  const own = new OpenedBundle(path, await diffusersManifest(path, roles));
  const starter = await openBundle(defaultBundlePath(), {
    roles: roles?.filter((role) => LENT_ROLES.test(role)) ?? [],
  });
  const holderOf = (role: string): Bundle => (LENT_ROLES.test(role) ? starter : own);
  return {
    path,
    name: own.name,
    version: own.version,
    languages: own.languages,
    manifest: own.manifest,
    has: (role) => holderOf(role).has(role),
    file: (role, key) => holderOf(role).file(role, key),
    config: (role, schema) => holderOf(role).config(role, schema),
    identity: (role, key) => holderOf(role).identity(role, key),
    missing: (role) => holderOf(role).missing(role),
  };
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BundleError(
      'MANIFEST_MISSING',
      `No model bundle: neither ${path} nor a ${MODEL_INDEX_FILE} beside it can be read`,
      cause,
    );
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new BundleError('MANIFEST_INVALID', `${path} is not JSON`, cause);
  }
  const parsed = ManifestSchema.safeParse(content);
  if (!parsed.success) {
    throw new BundleError(
      'MANIFEST_INVALID',
      `${path} is not a bundle manifest: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}

class OpenedBundle implements Bundle {
  readonly path: string;
  readonly manifest: Manifest;

  readonly #present: ReadonlySet<string> | undefined;

  constructor(path: string, manifest: Manifest, present?: ReadonlySet<string>) {
    this.path = path;
    this.manifest = manifest;
    this.#present = present;
  }

  get name(): string {
    return this.manifest.name;
  }

  get version(): string {
    return this.manifest.version;
  }

  get languages(): readonly string[] {
    return this.manifest.languages.map((language) => language.toLowerCase());
  }

  has(role: string): boolean {
    return role in this.manifest.roles;
  }

  role(role: string): Manifest['roles'][string] {
    const found = this.manifest.roles[role];
    if (!found) throw new BundleError('ROLE_MISSING', `The bundle ${this.path} has no role "${role}"`);
    return found;
  }

  file(role: string, key = 'model'): string {
    return join(this.path, this.#entry(role, key).path);
  }

  config<T>(role: string, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(this.role(role).config);
    if (parsed.success) return parsed.data;
    throw new BundleError(
      'CONFIG_INVALID',
      `The config of role "${role}" in ${this.path} cannot be used: ${z.prettifyError(parsed.error)}`,
    );
  }

  identity(role: string, key = 'model'): ModelIdentity {
    return { name: `${this.name}/${role}`, version: this.version, sha256: this.#entry(role, key).sha256 };
  }

  missing(role: string): string[] {
    return missingInstructions(this.role(role).instructions, this.#present);
  }

  /** @throws BundleError INSTRUCTIONS_MISSING where a role can't be used on this machine. */
  requirePlain(role: string): void {
    const missing = this.missing(role);
    if (missing.length === 0 || this.role(role).files.plain) return;
    throw new BundleError(
      'INSTRUCTIONS_MISSING',
      `Role "${role}" of the bundle ${this.path} counts on ${missing.join(', ')}, which this machine lacks, and has no file "plain"`,
    );
  }

  #entry(role: string, key: string): ManifestFile {
    const { files } = this.role(role);
    const entry = key === 'model' && this.missing(role).length > 0 ? files.plain : files[key];
    if (!entry) {
      throw new BundleError('ROLE_MISSING', `Role "${role}" of the bundle ${this.path} has no file "${key}"`);
    }
    return entry;
  }
}
