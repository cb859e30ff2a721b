/** The HTTP server: from a request to a route's answer, or to an error in plain words. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '@atelier/process';
import { Code, notFound, RpcError, unavailable } from '@atelier/rpc';
import { onBehalfOf } from '../credential.ts';
import { identityOf, setCookie } from '../identity.ts';
import { openAiError } from '../openai/error.ts';
import type { Asset, Assets } from '../page/assets.ts';
import { httpStatus, problemOf } from '../words/problem.ts';
import { readJson } from './body.ts';
import { parseWith } from './parse.ts';
import { type Dialect, json, type Reply, type Route } from './route.ts';
import { createRouter } from './router.ts';
import { send } from './send.ts';
import { measureRequest } from './telemetry.ts';

export interface HttpServerOptions {
  routes: readonly Route[];
  pages: Assets;
  log: Log;
  /** Aborts when no more requests should be taken. */
  shutdown: AbortSignal;
  tenant: string | undefined;
  publicUrl: string | undefined;
}

export interface HttpServer {
  /** Listen on "host:port". @returns the port. */
  listen(address: string): Promise<number>;
  /** Resolves when the requests in hand have ended, or 5 s later. */
  close(): Promise<void>;
}

/** Time for a client to send its headers, and for it to send everything, milliseconds. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** A connection on which nothing moves for this long is closed, milliseconds; streams send a comment more often. */
const IDLE_MS = 60_000;
const MAX_CONNECTIONS = 2_000;
const CLOSE_MS = 5_000;

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { log, shutdown } = options;
  const match = createRouter(options.routes);
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: 5_000,
  });
  server.setTimeout(IDLE_MS);
  server.maxConnections = MAX_CONNECTIONS;
  server.on('request', (request, response) => {
    onBehalfOf(request.headers, () => answer(request, response)).catch((err: unknown) => {
      log.error({ err }, 'an answer broke');
      response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    response.on('error', () => gone.abort());
    const path = (request.url ?? '/').split('?', 1)[0] as string;
    const asset = options.pages.get(path);
    if (asset) {
      await send(response, page(asset, request), gone.signal);
      return;
    }
    const found = match(request.method ?? '', path);
    const measured = measureRequest(request.method ?? '', found.route?.path ?? 'unknown');
    let status = 500;
    try {
      await measured.run(async () => {
        const reply = await replyOf(request, found, gone.signal);
        status = reply.status;
        await send(response, reply, gone.signal);
      });
    } catch (thrown) {
      const error = RpcError.from(thrown);
      status = httpStatus(error);
      if (!gone.signal.aborted && error.code === Code.INTERNAL)
        log.error({ err: error, cause: error.cause, route: found.route?.path }, 'request failed');
      if (response.headersSent) response.destroy();
      else await send(response, refusal(error, status, found.dialect), gone.signal);
    } finally {
      const ms = measured.end(gone.signal.aborted && !response.writableFinished ? 499 : status);
      // The pattern of the path, never the address itself.
      log.debug({ method: request.method, route: found.route?.path, status, ms: Math.round(ms) }, 'answered');
    }
  }

  async function replyOf(request: IncomingMessage, found: ReturnType<typeof match>, signal: AbortSignal) {
    if (shutdown.aborted)
      throw unavailable('this replica stops', { retryAfterMs: 0, reason: 'SHUTTING_DOWN' });
    if (found.wrongMethod) throw new RpcError(Code.UNIMPLEMENTED, 'method', { reason: 'METHOD_NOT_ALLOWED' });
    const { route } = found;
    if (!route) throw notFound('nothing is served at this address', 'NO_SUCH_PATH');
    const url = new URL(request.url ?? '/', 'http://localhost');
    const identity = identityOf(request.headers, options.tenant);
    const reply = await route.handle({
      params: route.params && parseWith(route.params, found.params),
      query: route.query && parseWith(route.query, Object.fromEntries(url.searchParams)),
      body: route.body && parseWith(route.body.schema, await readJson(request, route.body.maxBytes)),
      identity,
      signal,
      shutdown,
      lastEventId: request.headers['last-event-id']?.toString(),
      publicUrl: (options.publicUrl ?? `http://${request.headers.host ?? 'localhost'}`).replace(/\/$/, ''),
    });
    if (!identity.newCookie) return reply;
    const cookie = setCookie(identity.newCookie, options.publicUrl?.startsWith('https:') === true);
    return { ...reply, headers: { 'set-cookie': cookie, ...reply.headers } };
  }

  return {
    async listen(address) {
      const at = address.lastIndexOf(':');
      server.listen(Number(address.slice(at + 1)), address.slice(0, at));
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const patience = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
      await closed;
      clearTimeout(patience);
    },
  };
}

function page(asset: Asset, request: IncomingMessage): Reply {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, headers: { allow: 'GET, HEAD' } };
  const headers = { etag: asset.etag, 'cache-control': 'no-cache', vary: 'accept-encoding' };
  if (request.headers['if-none-match'] === asset.etag) return { status: 304, headers };
  const packed = /\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '');
  return {
    status: 200,
    headers: { ...headers, 'content-type': asset.type, ...(packed && { 'content-encoding': 'gzip' }) },
    body: packed ? asset.gzip : asset.bytes,
  };
}

function refusal(error: RpcError, status: number, dialect: Dialect): Reply {
  const reply = json(status, dialect === 'openai' ? openAiError(error) : { error: problemOf(error) });
  return {
    ...reply,
    headers: {
      ...reply.headers,
      ...(error.retryAfterMs !== undefined && {
        'retry-after': String(Math.ceil(error.retryAfterMs / 1_000)),
      }),
      // The rest of a body that is too large is not waited for.
      ...(status === 413 && { connection: 'close' }),
    },
  };
}
