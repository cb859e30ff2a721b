/** The Python peer of test/load/peers as a process. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, REPOSITORY, startChild } from '@atelier/local-mesh';
import { benchBundlePath } from './diffusion.ts';

const VARIABLE = 'ATELIER_PEER_PYTHON';
const READY_MS = 180_000;

export interface Peer {
  draw(order: { steps: number; seed: number; guided: boolean }): Promise<Uint8Array>;
  pid(): number;
  stop(): Promise<void>;
}

/**
 * Starts it with the Python of ATELIER_PEER_PYTHON; without that, says why there is none.
 * @param lanes runs of the network at once, each with its part of the threads.
 */
export async function startPeer(lanes: number): Promise<Peer | string> {
  const python = process.env[VARIABLE];
  if (!python) return `${VARIABLE} is not set: a Python with diffusers and onnxruntime`;
  const port = await freePort();
  const child = startChild({
    command: python,
    args: [
      join(REPOSITORY, 'test/load/peers/diffusers_server.py'),
      ...['--bundle', benchBundlePath()],
      ...['--port', String(port), '--threads', String(availableParallelism())],
      ...['--lanes', String(lanes)],
    ],
  });
  const url = `http://127.0.0.1:${port}`;
  for (const end = performance.now() + READY_MS; ; await sleep(100)) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) break;
    if (child.ended() || performance.now() > end) {
      await child.stop();
      return `the peer did not start: ${child.lastLines().at(-1) ?? ''}`;
    }
  }
  return {
    async draw(order) {
      const answer = await fetch(`${url}/generate`, {
        method: 'POST',
        body: JSON.stringify(order),
      });
      if (!answer.ok) throw new Error(`the peer answered ${answer.status}`);
      return new Uint8Array(await answer.arrayBuffer());
    },
    pid: () => child.pid as number,
    stop: () => child.stop(2_000),
  };
}
