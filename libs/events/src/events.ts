/** All that a process does over its one connection to NATS. */
import {
  type CurationTask,
  type CurationTaskSchema,
  type GenerationJob,
  type GenerationJobSchema,
  GenerationRecordSchema,
  type MessageShape,
} from '@atelier/contracts';
import type { DescMessage } from '@bufbuild/protobuf';
import { type JetStreamClient, type JetStreamManager, jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { Objm, setSha256Backend } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { type BatchOptions, consumeBatches } from './batches.ts';
import { Counters } from './counters.ts';
import { Images } from './images.ts';
import { KeyIndex } from './key-index.ts';
import { lazily } from './lazily.ts';
import { Link } from './link.ts';
import { type PublishOptions, publish, publishLossy } from './publish.ts';
import { Records } from './records.ts';
import { type Retrying, retryingOver } from './retry.ts';
import { type Channel, curationTasks, generationJobs } from './subjects.ts';
import { type ReadOptions, readStream, type StoredMessage, subscribe } from './subscribe.ts';
import {
  CURATION_WORKERS,
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

/** One request's wait for JetStream, in milliseconds: short, because what dies with the server is asked again. */
const REQUEST_TIMEOUT_MS = 2_000;

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
