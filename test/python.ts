/** A Python with gRPC for the tests that speak to the mesh in another language. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Made by `.ci/tools` from examples/python/requirements.txt. */
const OWN = join(import.meta.dirname, '../.cache/python/bin/python');

/** ATELIER_PYTHON, what `.ci/tools` made, or `python3`. */
export const PYTHON = process.env.ATELIER_PYTHON ?? (existsSync(OWN) ? OWN : 'python3');

/** Whether it can import all of `modules`. */
export const pythonHas = (...modules: string[]): boolean =>
  spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`]).status === 0;
