/**
 * Everything that Atelier keeps on a NATS server, declared once: streams, consumers, buckets. `ensureTopology` creates
 * what is missing and updates what differs; every process may call it at any time.
 *
 * Written for nats-server ≥ 2.9: no multiple filter subjects, no per-message expiry.
 */
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { Objm } from '@nats-io/obj';
import { type NatsConnection, nanos } from '@nats-io/transport-node';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MIB = 1_048_576;

/** Of the most jobs that may wait; the orchestrator refuses long before, this one protects the disk. */
const MAX_JOBS = 10_000;

type Declared = Partial<StreamConfig> & { name: string; subjects: string[] };

/** `Nats-Msg-Id` is remembered for two minutes; what must hold longer is compared with the record instead. */
const DUPLICATE_WINDOW = nanos(2 * 60_000);

const limits = (name: string, subjects: string[], days: number, maxMib: number): Declared => ({
  name,
  subjects,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  storage: StorageType.File,
  max_age: nanos(days * DAY_MS),
  max_bytes: maxMib * MIB,
  duplicate_window: DUPLICATE_WINDOW,
});

export const STREAMS: readonly Declared[] = [
  {
    name: 'ATELIER_JOBS',
    subjects: ['atelier.jobs.>'],
    retention: RetentionPolicy.Workqueue,
    // A full queue refuses the new job instead of forgetting an old one.
    discard: DiscardPolicy.New,
    storage: StorageType.File,
    max_msgs: MAX_JOBS,
    duplicate_window: DUPLICATE_WINDOW,
  },
  limits('ATELIER_GENERATIONS', ['atelier.events.generation.>'], 1, 1024),
  limits('ATELIER_FEEDBACK', ['atelier.events.feedback.>'], 30, 1024),
  limits('ATELIER_MODELS', ['atelier.events.model.>'], 365, 64),
  limits('ATELIER_DEAD_LETTERS', ['atelier.dlq.>'], 30, 256),
];

/** Durable name of the orchestrators' consumer on `ATELIER_JOBS`; autoscalers read its pending count. */
export const GENERATION_WORKERS = 'orchestrator';

/** Durable name of the data pipeline's consumer on `ATELIER_JOBS`. */
export const CURATION_WORKERS = 'data-pipeline';

/** Longest that a worker may be silent before its job goes to another, in milliseconds. */
export const DEFAULT_ACK_WAIT_MS = 5_000;

/** Records by generation id; kept for a week after the last change. */
export const GENERATION_BUCKET = 'atelier_generations';
/** `<tenant>.<inverse time>.<id>` → nothing: the order in which generations are listed. */
export const GENERATION_INDEX_BUCKET = 'atelier_generation_index';
/** Pictures of each tenant and day, `<tenant>.<day>` → number; kept for a week. */
export const USAGE_BUCKET = 'atelier_usage';
/** Finished pictures as `<generation id>/<image index>.png`; kept for a week. */
export const IMAGE_BUCKET = 'atelier_images';
const KEEP_MS = 7 * DAY_MS;
const MAX_IMAGE_BUCKET_MIB = 16 * 1024;

export interface TopologyOptions {
  /** See DEFAULT_ACK_WAIT_MS. */
  ackWaitMs?: number;
  /** Copies of every stream in a NATS cluster, 1, 3 or 5; default 1. */
  replicas?: number;
}

/** Create or update all of it. Idempotent. */
export async function ensureTopology(
  connection: NatsConnection,
  manager: JetStreamManager,
  options: TopologyOptions = {},
): Promise<void> {
  const replicas = options.replicas ?? 1;
  const bucket = { replicas, storage: StorageType.File };
  const kvm = new Kvm(connection);
  await Promise.all([
    ...STREAMS.map((stream) => ensureStream(manager, { ...stream, num_replicas: replicas })),
    kvm.create(GENERATION_BUCKET, { ...bucket, history: 1, ttl: KEEP_MS }),
    kvm.create(GENERATION_INDEX_BUCKET, { ...bucket, history: 1, ttl: KEEP_MS }),
    kvm.create(USAGE_BUCKET, { ...bucket, history: 1, ttl: KEEP_MS }),
    new Objm(connection).create(IMAGE_BUCKET, {
      ...bucket,
      ttl: nanos(KEEP_MS),
      max_bytes: MAX_IMAGE_BUCKET_MIB * MIB,
    }),
  ]);
  const ackWaitMs = options.ackWaitMs ?? DEFAULT_ACK_WAIT_MS;
  await Promise.all([
    ensureWorkers(manager, GENERATION_WORKERS, 'atelier.jobs.generation', ackWaitMs),
    ensureWorkers(manager, CURATION_WORKERS, 'atelier.jobs.curation', ackWaitMs),
  ]);
}

async function ensureStream(manager: JetStreamManager, config: Declared): Promise<void> {
  try {
    await manager.streams.add(config);
  } catch (error) {
    // It exists with another configuration, perhaps of an older version.
    if (!(error instanceof JetStreamApiError)) throw error;
    await manager.streams.update(config.name, config);
  }
}

/**
 * `max_deliver` stays unlimited on the server: after its last delivery NATS would forget the job silently. The worker
 * counts instead and moves the job to the dead letters, which also holds when workers are killed.
 */
async function ensureWorkers(
  manager: JetStreamManager,
  durable: string,
  filter: string,
  ackWaitMs: number,
): Promise<void> {
  const ack_wait = nanos(ackWaitMs);
  try {
    const info = await manager.consumers.info('ATELIER_JOBS', durable);
    if (info.config.ack_wait !== ack_wait) {
      await manager.consumers.update('ATELIER_JOBS', durable, { ack_wait });
    }
  } catch (error) {
    const missing = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;
    if (!missing) throw error;
    await manager.consumers.add('ATELIER_JOBS', {
      durable_name: durable,
      filter_subject: filter,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait,
      max_deliver: -1,
      max_ack_pending: MAX_JOBS,
    });
  }
}
