/** A mesh to talk to: the one at ATELIER_ADDRESS, or a private one for as long as the command runs. */
import { readFile } from 'node:fs/promises';
import { type Mesh, SERVICES, startMesh } from '@atelier/local-mesh';
import { processConfig, tlsFiles } from '@atelier/process';
import { useMeshTls } from '@atelier/rpc';
import { type Atelier, createAtelier } from '../client.ts';
import { type Progress, seconds } from './progress.ts';

export interface Session {
  atelier: Atelier;
  /** Ends the private mesh in order. */
  close(): Promise<void>;
  /** Ends it at once, synchronously. */
  kill(): void;
}

const NAME = 'atelier';

/** The page would be of no use to a command: without it the mesh is there sooner. */
const NEEDED = SERVICES.map(({ name }) => name).filter((name) => name !== 'web');

/** Connect, starting NATS and the services first when ATELIER_ADDRESS is not set. Throws an Error that says why not. */
export async function openSession(progress: Progress, signal: AbortSignal): Promise<Session> {
  if (process.env.ATELIER_ADDRESS) {
    useMeshTls(tlsFiles(processConfig.load(process.env)));
    const file = process.env.ATELIER_CREDENTIAL_FILE;
    const credential = file ? (await readFile(file, 'utf8')).trim() : '';
    const atelier = createAtelier({ name: NAME, credential });
    return { atelier, close: async () => atelier.close(), kill: () => {} };
  }
  const began = performance.now();
  const waiting = new Set<string>(NEEDED);
  const tell = (): void => progress.status(`starting the mesh: waiting for ${[...waiting].join(', ')}`);
  tell();
  const mesh: Mesh = await startMesh({
    services: NEEDED,
    freePorts: true,
    signal,
    onLine: (who, line) => {
      if (process.env.ATELIER_VERBOSE) progress.line(`${who}: ${line}`);
    },
    onNotice: (line) => progress.line(line),
    onReady: (name) => {
      waiting.delete(name);
      if (waiting.size > 0 && process.stderr.isTTY) tell();
    },
  });
  progress.line(`${'mesh started'.padEnd(20)} ${seconds(performance.now() - began)}`);
  const atelier = createAtelier({
    name: NAME,
    address: mesh.address('orchestrator'),
    autocompleteAddress: mesh.address('autocomplete'),
  });
  return {
    atelier,
    async close() {
      atelier.close();
      await mesh.stop();
    },
    kill: () => mesh.killNow(),
  };
}
