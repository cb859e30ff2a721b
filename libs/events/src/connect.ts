/** Connecting to NATS and declaring what is kept there. */
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { natsCredentials, serviceOf } from './credentials.ts';
import { EventsError } from './errors.ts';
import { Events } from './events.ts';
import { mayDeclare } from './permissions.ts';
import { retrying } from './retry.ts';
import { DEFAULT_ACK_WAIT_MS, ensureTopology } from './topology.ts';

export interface EventsOptions {
  /** Servers, "nats://host:port" or "host:port", comma-separated or as a list. */
  servers: string | readonly string[];
  /** Name of the connection in the server's monitoring, by habit the service's. */
  name: string;
  /** How long a server may take to appear, in milliseconds; default 10,000. */
  connectTimeoutMs?: number;
  /** Silence after which a job goes to another worker, in milliseconds; default 5,000. */
  ackWaitMs?: number;
  /** File with the seed of this service's NKey, where the server asks for one; default: none. */
  seedFile?: string | undefined;
  /** Copies of every stream in a NATS cluster; default 1. */
  replicas?: number;
}

const RECONNECT_EVERY_MS = 250;
/** A server that vanished without a word, behind a broken network for example, is given up after three times this, in milliseconds. */
const PING_EVERY_MS = 2_000;
const MAX_PINGS_OUT = 2;

/**
 * Connect and declare the topology. Reconnects for as long as the process lives; calls in between wait and retry.
 * Throws EventsError: `unavailable` when no server answers in time, `no-jetstream` when it runs without JetStream.
 */
export async function connectEvents(options: EventsOptions): Promise<Events> {
  const servers = typeof options.servers === 'string' ? options.servers.split(',') : [...options.servers];
  const ackWaitMs = options.ackWaitMs ?? DEFAULT_ACK_WAIT_MS;
  const where = servers.join(', ');
  const connection = await retrying('connect', options.connectTimeoutMs ?? 10_000, () =>
    connect({
      servers: servers.map((server) => server.trim()),
      name: options.name,
      ...(options.seedFile && natsCredentials(options.name, options.seedFile)),
      reconnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_EVERY_MS,
      pingInterval: PING_EVERY_MS,
      maxPingOut: MAX_PINGS_OUT,
      timeout: 5_000,
    }),
  ).catch((error: EventsError) => {
    const advice = 'start one with "nats-server -js" or point NATS_URL at one';
    throw new EventsError(error.code, `no NATS server at ${where}: ${advice} (${error.message})`, error);
  });
  try {
    const manager = await retrying('ask for JetStream', 10_000, () => jetstreamManager(connection));
    // With rights of its own a service finds what the orchestrator declared.
    if (!options.seedFile || mayDeclare(serviceOf(options.name))) {
      await retrying('declare streams', 10_000, () =>
        ensureTopology(connection, manager, { ackWaitMs, replicas: options.replicas ?? 1 }).catch(
          storageMayReturn,
        ),
      );
    }
    return Events.open(connection, manager, ackWaitMs);
  } catch (error) {
    await connection.close();
    if (error instanceof EventsError && error.code === 'no-jetstream') {
      throw new EventsError(
        'no-jetstream',
        `the NATS server at ${where} runs without JetStream: add -js`,
        error,
      );
    }
    throw error;
  }
}

/** JetStream's "insufficient storage resources available". */
const INSUFFICIENT_STORAGE = 10047;

/**
 * While two processes declare the same stream at once the server counts its size twice, and refuses one of them where
 * space for one is left: a moment later the stream is there, so the refusal is worth a retry.
 */
function storageMayReturn(error: unknown): never {
  if (!(error instanceof JetStreamApiError) || error.code !== INSUFFICIENT_STORAGE) throw error;
  const advice = 'give the NATS server more disk or a higher max_file_store';
  throw new EventsError('unavailable', `declare streams: ${error.message}: ${advice}`, error);
}
