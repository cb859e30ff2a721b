/** A TCP port on loopback that nobody listens on. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Ask the kernel for a free port on 127.0.0.1. It is free at this moment, not reserved: listen on it soon.
 * The kernel hands out ephemeral ports round robin, so two calls in a row do not get the same one.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
