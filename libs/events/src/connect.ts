/** One connection to NATS with everything that a process does on it. */
import {
  type CurationTask,
  type CurationTaskSchema,
  type GenerationJob,
  type GenerationJobSchema,
  GenerationRecordSchema,
  type MessageShape,
} from '@atelier/contracts';
import type { DescMessage } from '@bufbuild/protobuf';
import {
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { Objm, setSha256Backend } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type BatchOptions, consumeBatches } from './batches.ts';
import { Counters } from './counters.ts';
import { natsCredentials, serviceOf } from './credentials.ts';
import { EventsError } from './errors.ts';
import { Images } from './images.ts';
import { KeyIndex } from './key-index.ts';
import { lazily } from './lazily.ts';
import { Link } from './link.ts';
import { mayDeclare } from './permissions.ts';
import { type PublishOptions, publish, publishLossy } from './publish.ts';
import { Records } from './records.ts';
import { type Retrying, retrying, retryingOver } from './retry.ts';
import { type Channel, curationTasks, generationJobs } from './subjects.ts';
import { type ReadOptions, readStream, type StoredMessage, subscribe } from './subscribe.ts';
import {
  CURATION_WORKERS,
  DEFAULT_ACK_WAIT_MS,
  ensureTopology,
  GENERATION_BUCKET,
  GENERATION_INDEX_BUCKET,
  GENERATION_WORKERS,
  IMAGE_BUCKET,
  USAGE_BUCKET,
} from './topology.ts';
import { producing } from './tracing.ts';
import { isWanted, want } from './wanted.ts';
import { Worker, type WorkOptions } from './work-queue.ts';

// Every picture is hashed on its way in and out; the client's own JavaScript takes over ten times as long as Node.js does.
setSha256Backend('native');

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
/** One request's wait for JetStream, in milliseconds: short, because what dies with the server is asked again. */
const REQUEST_TIMEOUT_MS = 2_000;

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

/** A connection with a declared topology. */
export class Events {
  readonly #connection: NatsConnection;
  readonly #manager: JetStreamManager;
  readonly #jetstream: JetStreamClient;
  readonly #ackWaitMs: number;
  readonly #link: Link;
  readonly #retrying: Retrying;
  /** Records of generations, by id. */
  readonly generations: Records<typeof GenerationRecordSchema>;
  /** Keys in the order in which generations are listed. */
  readonly generationIndex: KeyIndex;
  /** Finished pictures. */
  readonly images: Images;
  /** What tenants have used, by `<tenant>.<day>`. */
  readonly usage: Counters;

  private constructor(
    connection: NatsConnection,
    link: Link,
    manager: JetStreamManager,
    ackWaitMs: number,
    parts: Pick<Events, 'generations' | 'generationIndex' | 'images' | 'usage'>,
  ) {
    this.#connection = connection;
    this.#link = link;
    this.#retrying = retryingOver(link);
    this.#manager = manager;
    this.#jetstream = jetstream(connection, { timeout: REQUEST_TIMEOUT_MS });
    this.#ackWaitMs = ackWaitMs;
    this.generations = parts.generations;
    this.generationIndex = parts.generationIndex;
    this.images = parts.images;
    this.usage = parts.usage;
  }

  /** Used by connectEvents. */
  static open(connection: NatsConnection, manager: JetStreamManager, ackWaitMs: number): Events {
    const client = jetstream(connection, { timeout: REQUEST_TIMEOUT_MS });
    const kvm = new Kvm(client);
    // Reads go to the leader: a compare-and-set that starts from a stale copy is lost work.
    const fromLeader = { allow_direct: false };
    const link = new Link(connection);
    const retrying = retryingOver(link);
    return new Events(connection, link, manager, ackWaitMs, {
      generations: new Records(
        lazily(() => kvm.open(GENERATION_BUCKET, fromLeader)),
        GenerationRecordSchema,
        retrying,
      ),
      generationIndex: new KeyIndex(
        lazily(() => kvm.open(GENERATION_INDEX_BUCKET)),
        retrying,
      ),
      images: new Images(
        lazily(() => new Objm(client).open(IMAGE_BUCKET)),
        retrying,
      ),
      usage: new Counters(
        lazily(() => kvm.open(USAGE_BUCKET, fromLeader)),
        retrying,
      ),
    });
  }

  /** Whether a server is connected, as far as is known right now. */
  get connected(): boolean {
    return this.#link.up;
  }

  /** See `publish` in publish.ts. */
  async publish<D extends DescMessage>(
    channel: Channel<D>,
    message: MessageShape<D>,
    options?: PublishOptions,
  ) {
    return await publish(this.#jetstream, this.#retrying, channel, message, options);
  }

  /** See `publishLossy` in publish.ts. */
  publishLossy<D extends DescMessage>(channel: Channel<D>, message: MessageShape<D>): void {
    publishLossy(this.#connection, channel, message);
  }

  /** See `want` in wanted.ts. */
  want(subject: string): () => void {
    return want(this.#connection, subject);
  }

  /** See `isWanted` in wanted.ts. */
  async isWanted(subject: string): Promise<boolean> {
    return await isWanted(this.#connection, subject);
  }

  /** See `subscribe` in subscribe.ts. */
  subscribe<D extends DescMessage>(
    channel: Channel<D>,
    filter: string,
    handle: (message: MessageShape<D>) => void,
  ): () => void {
    return subscribe(this.#connection, channel, filter, handle);
  }

  /** See `readStream` in subscribe.ts. */
  readStream<D extends DescMessage>(
    channel: Channel<D>,
    filter: string,
    options?: ReadOptions,
  ): AsyncGenerator<StoredMessage<D>> {
    return readStream(this.#link, this.#jetstream, channel, filter, options);
  }

  /** See `consumeBatches` in batches.ts. */
  async consumeBatches<D extends DescMessage>(channel: Channel<D>, options: BatchOptions<D>): Promise<void> {
    await consumeBatches(this.#jetstream, this.#manager, this.#retrying, channel, options);
  }

  /** Queue a job in a producer span. Resolves to false when it was queued before. Throws EventsError `full`. */
  async enqueue(job: GenerationJob): Promise<boolean> {
    return await producing(generationJobs.filter, {}, () =>
      publish(this.#jetstream, this.#retrying, generationJobs, job),
    );
  }

  /** Jobs that wait or run. */
  async backlog(): Promise<number> {
    const { queued, running } = await this.jobs();
    return queued + running;
  }

  /** Jobs that wait for a worker, and jobs that a worker has. */
  async jobs(): Promise<{ queued: number; running: number }> {
    const info = await this.#retrying('count jobs', 2_000, () =>
      this.#manager.consumers.info(generationJobs.stream, GENERATION_WORKERS),
    );
    return { queued: info.num_pending, running: info.num_ack_pending };
  }

  /** Work on jobs until `stop`. */
  consumeJobs(options: Omit<WorkOptions<GenerationJob>, 'ackWaitMs'>): Worker<typeof GenerationJobSchema> {
    return new Worker(this.#link, this.#jetstream, generationJobs, GENERATION_WORKERS, {
      ...options,
      ackWaitMs: this.#ackWaitMs,
    });
  }

  /** Queue a task of a curation run; its workers share the stream with generations, so keep few waiting. */
  async enqueueCuration(task: CurationTask): Promise<boolean> {
    return await producing(curationTasks.filter, {}, () =>
      publish(this.#jetstream, this.#retrying, curationTasks, task),
    );
  }

  /** Work on curation tasks until `stop`. */
  consumeCuration(options: Omit<WorkOptions<CurationTask>, 'ackWaitMs'>): Worker<typeof CurationTaskSchema> {
    return new Worker(this.#link, this.#jetstream, curationTasks, CURATION_WORKERS, {
      ...options,
      ackWaitMs: this.#ackWaitMs,
    });
  }

  /** Resolves when the server has everything that was published so far. */
  async flush(): Promise<void> {
    await this.#connection.flush();
  }

  /** Flush and close; running reads end. Idempotent. */
  async close(): Promise<void> {
    if (this.#connection.isClosed()) return;
    // Draining waits for a server; one that is away must not keep the process from ending.
    await Promise.race([
      this.#connection.drain(),
      new Promise((resolve) => setTimeout(resolve, 2_000).unref()),
    ]).catch(() => undefined);
    await this.#connection.close();
  }
}
