/** A gRPC server of the mesh: bound services with health and reflection, and an end that loses no call. */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Binding } from './binding.ts';
import { serverChannelOptions } from './channel-options.ts';
import type { Guard } from './guard.ts';
import { grpcService } from './handlers.ts';
import { HealthService } from './health-service.ts';
import { type ServerLife, shuttingDown } from './incoming-call.ts';
import { type MeshTls, serverCredentials } from './mesh-tls.ts';
import { addReflection } from './reflection.ts';
import { type RpcError, unavailable } from './rpc-error.ts';
import { allowStreamResets } from './stream-resets.ts';

export interface ServerOptions {
  bindings: Binding[];
  /** Largest request, bytes; default 16 MiB. A larger one gets RESOURCE_EXHAUSTED naming the limit. */
  maxMessageBytes?: number;
  /** Asked before each call of a bound service; health and reflection are open to all. Default: everybody may call. */
  guard?: Guard | undefined;
  /** Whose certificate to use; default: the process's (`useMeshTls`), else plaintext. */
  tls?: MeshTls;
  /** Told of every call that failed by our own fault (INTERNAL, UNKNOWN), for the log. */
  onError?: (error: RpcError, method: string) => void;
}

export interface RpcServer {
  /** Listens on "host:port" (port 0: any free one). @returns the port. Health is NOT_SERVING until told otherwise. */
  listen(address: string): Promise<number>;
  /** Also answers health at "host:port" without TLS and nothing else, for probes that have no certificate. @returns the port. */
  listenForProbes(address: string): Promise<number>;
  /** What health answers, for the server as a whole and for each service. */
  setServing(serving: boolean): void;
  /**
   * Ends: NOT_SERVING, new calls are sent elsewhere, calls in hand finish, then connections close; calls that haven't
   * finished after `graceMs` are answered UNAVAILABLE.
   */
  drain(graceMs: number): Promise<void>;
}

/** How long calls that were cut off get to send their answer, milliseconds. */
const lastWordsMs = 200;

export function createServer(options: ServerOptions): RpcServer {
  const draining = new AbortController();
  const closing = new AbortController();
  const life: ServerLife = {
    draining: draining.signal,
    closing: closing.signal,
    inHand: 0,
    ...(options.guard ? { guard: options.guard } : {}),
    ...(options.onError ? { onError: options.onError } : {}),
  };
  const server = new Server(serverChannelOptions(options.maxMessageBytes));
  allowStreamResets(server);
  const names = ['', ...options.bindings.map((binding) => binding.service.typeName)];
  const health = new HealthService(names);
  for (const binding of options.bindings) {
    const { definition, implementation } = grpcService(binding, life);
    server.addService(definition, implementation);
  }
  health.addToServer(server);
  addReflection(
    server,
    options.bindings.map((binding) => binding.service),
  );

  const setServing = (serving: boolean) => {
    health.setAll(serving ? 'SERVING' : 'NOT_SERVING');
  };

  let probes: Server | undefined;

  return {
    setServing,
    listen: (address) => bindServer(server, address, serverCredentials(options.tls)),
    async listenForProbes(address) {
      probes = new Server();
      health.addToServer(probes);
      return await bindServer(probes, address, ServerCredentials.createInsecure());
    },
    async drain(graceMs) {
      setServing(false);
      probes?.forceShutdown();
      draining.abort();
      const started = performance.now();
      const leftMs = () => Math.max(0, graceMs - (performance.now() - started));
      // Only then GOAWAY: a grpc-js client that got one can't ping any more and drops the calls in hand at its next
      // keepalive.
      await within(idle(life), leftMs());
      const done = new Promise<true>((resolve) => server.tryShutdown(() => resolve(true)));
      if (await within(done, leftMs())) return;
      closing.abort(shuttingDown());
      if (await within(done, lastWordsMs)) return;
      server.forceShutdown();
    },
  };
}

function bindServer(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) =>
      error
        ? reject(unavailable(`cannot listen on ${address}: ${error.message}`, { cause: error }))
        : resolve(port),
    );
  });
}

/** Resolves when no call is in hand. */
function idle(life: ServerLife): Promise<true> {
  return new Promise((resolve) => {
    if (life.inHand === 0) resolve(true);
    else life.onIdle = () => resolve(true);
  });
}

/** Whether `done` resolves within `ms`. */
async function within(done: Promise<true>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([done, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
