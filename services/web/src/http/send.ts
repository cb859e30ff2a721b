/** Answers onto the wire, at the client's pace. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from './headers.ts';
import type { Reply } from './route.ts';

/** A streaming client that takes nothing for this long is let go, milliseconds. */
const STALLED_MS = 30_000;
/** Well below what proxies and the server's own idle limit allow, milliseconds. */
const HEARTBEAT_MS = 15_000;

/** Send `reply`; resolves when it is sent or its client gone. `signal` is that of the client's going. */
export async function send(response: ServerResponse, reply: Reply, signal: AbortSignal): Promise<void> {
  const { body } = reply;
  const head = { ...SECURITY_HEADERS, ...reply.headers };
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array());
    response.writeHead(reply.status, { ...head, 'content-length': bytes.byteLength }).end(bytes);
    return;
  }
  response.writeHead(reply.status, head);
  response.flushHeaders();
  const { heartbeat } = reply;
  const beat = (): unknown => response.writableNeedDrain || response.write(heartbeat);
  const timer = heartbeat === undefined ? undefined : setInterval(beat, HEARTBEAT_MS);
  try {
    for await (const piece of body) {
      if (signal.aborted) break; // leaving the loop ends what is being streamed
      if (!response.write(piece) && !(await drained(response, signal))) break;
    }
  } finally {
    clearInterval(timer);
  }
  response.end();
}

/** Whether the client took what was written. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(STALLED_MS)]) });
    return true;
  } catch {
    response.destroy();
    return false;
  }
}
