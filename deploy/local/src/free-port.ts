/** A free TCP port on loopback. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below what systems hand out by themselves (32768 and up on Linux, RFC 6335's 49152 elsewhere): a port from there can be
 * taken by any outgoing connection before its service, which loads models first, comes to listen.
 */
const LOWEST = 10_000;
const HIGHEST = 32_000;
const TRIES = 100;

/** Never the same twice in a process. @throws Error when a hundred ports in a row are taken. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST}`);
}

const given = new Set<number>();

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
