/** Bodies of requests, read under a limit. */
import type { IncomingMessage } from 'node:http';
import { Code, invalidArgument, RpcError } from '@atelier/rpc';

/**
 * The JSON in a request's body.
 * Throws RpcError with reason UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE (as soon as it is known) or MALFORMED_JSON.
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  // Asking for JSON also keeps other sites' forms out: browsers send no such request across sites without leave.
  if (type !== 'application/json') throw refused('must be application/json', 'UNSUPPORTED_MEDIA_TYPE');
  const tooLarge = (): RpcError => refused(`must hold at most ${maxBytes} bytes`, 'BODY_TOO_LARGE');
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof RpcError) throw error;
    throw new RpcError(Code.CANCELLED, 'the client went away', { cause: error });
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw refused('must be JSON', 'MALFORMED_JSON');
  }
}

const refused = (description: string, reason: string): RpcError =>
  invalidArgument([{ field: 'body', description }], reason);
