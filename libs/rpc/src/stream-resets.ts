/** How many calls a caller may leave before their end. */
import type { Server } from '@grpc/grpc-js';

/**
 * Node's HTTP/2 ends a connection, and every call on it, when more than 33 streams a second are reset after the first thousand
 * (CVE-2023-44487). A service of the mesh has one connection with each caller, and leaving is what callers do: a person types on,
 * a hedged call was answered elsewhere, a reader has its picture. Attackers reset hundreds of thousands a second.
 */
const streamResets = { streamResetBurst: 20_000, streamResetRate: 5_000 };

/** Raises the limit for a server that doesn't listen yet. @throws Error when grpc-js has its HTTP/2 options elsewhere. */
export function allowStreamResets(server: Server): void {
  // grpc-js passes on those options that it has names for; this is the object in which it does.
  const { commonServerOptions } = server as unknown as { commonServerOptions?: object };
  if (!commonServerOptions) throw new Error('this version of grpc-js has its HTTP/2 options elsewhere');
  Object.assign(commonServerOptions, streamResets);
}
