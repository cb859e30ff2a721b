/** The mesh that the tests in this folder drive: all services as processes, on the starter bundle. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MeshOptions } from '@atelier/local-mesh';
import { defaultBundlePath } from '@atelier/models';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { startMesh, type TestMesh } from '@atelier/testkit';

/** The bundle under test: ATELIER_MODEL_BUNDLE, the starter bundle, or the tiny one before a starter was trained. */
const bundle = existsSync(join(defaultBundlePath(), 'atelier.json')) ? defaultBundlePath() : tinyBundlePath;

/** Everything that the mesh's processes wrote to their logs. */
export interface LoggedMesh extends TestMesh {
  log: string[];
}

export async function startAll(options: MeshOptions = {}): Promise<LoggedMesh> {
  const log: string[] = [];
  const mesh = await startMesh({
    ...options,
    env: { ATELIER_MODEL_BUNDLE: bundle, ATELIER_LOG_LEVEL: 'debug', ...options.env },
    onLine: (who, line) => void log.push(`${who}: ${line}`),
    readyTimeoutMs: 120_000,
  });
  return { ...mesh, log };
}
