/** A whole mesh of a test's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mesh, type MeshOptions, startMesh as startLocalMesh } from '@atelier/local-mesh';

export interface TestMesh extends Mesh {
  /** File that every service of the mesh writes its spans to; see `readTrace`. */
  traceFile: string;
}

/**
 * Start NATS and every service, each in its own process on free ports, with their spans in one file. Resolves when all
 * are loaded and warmed. `stop()` ends them and removes the file.
 */
export async function startMesh(options: MeshOptions = {}): Promise<TestMesh> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-mesh-'));
  const traceFile = join(folder, 'spans.jsonl');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const mesh = await startLocalMesh({
      freePorts: true,
      ...options,
      nats: { url: '', ...options.nats },
      env: { ATELIER_LOG_LEVEL: 'warn', ATELIER_TRACE_FILE: traceFile, ...options.env },
    });
    return {
      ...mesh,
      traceFile,
      async stop() {
        await mesh.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
