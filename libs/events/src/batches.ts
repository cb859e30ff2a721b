/** Reading a stream in batches under a durable name: what is handed over is acknowledged once it is kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary, type MessageShape } from '@atelier/contracts';
import type { DescMessage } from '@bufbuild/protobuf';
import {
  AckPolicy,
  type Consumer,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { EventsError } from './errors.ts';
import { retrying } from './retry.ts';
import type { Channel } from './subjects.ts';

export interface BatchOptions<D extends DescMessage> {
  /** Name under which the server remembers what was read, unique in the stream. */
  durable: string;
  /** Subject filter inside the channel's stream. */
  filter: string;
  /** Most messages of a batch, 1 or more. */
  maxMessages: number;
  /** Silence after which what was not acknowledged is given again, milliseconds; the same for all readers of the name. */
  ackWaitMs: number;
  /**
   * Keep a batch: when this resolves it is acknowledged, when it rejects it comes again. Must be idempotent: a process
   * that dies in between is given it again.
   */
  handle: (messages: readonly MessageShape<D>[]) => Promise<void>;
  /** Told why a batch comes again or the server is waited for. */
  onError: (error: EventsError) => void;
  /** Told of a message that is no message of the channel; it is not given again. */
  onMalformed: (subject: string) => void;
  /** Ends the reading after the batch in hand. */
  signal: AbortSignal;
}

/** How long the server collects a batch, milliseconds: what a single event waits at most. */
const COLLECT_MS = 1_000;
const RETRY_MS = 1_000;
const PATIENCE_MS = 10_000;
const MAX_ACK_PENDING = 20_000;

/** Read batches until the signal aborts. Never rejects: what goes wrong is told and tried again. */
export async function consumeBatches<D extends DescMessage>(
  jetstream: JetStreamClient,
  manager: JetStreamManager,
  channel: Channel<D>,
  options: BatchOptions<D>,
): Promise<void> {
  while (!options.signal.aborted) {
    try {
      const consumer = await retrying(`read ${options.filter}`, PATIENCE_MS, async () => {
        await ensureConsumer(manager, channel, options);
        return await jetstream.consumers.get(channel.stream, options.durable);
      });
      while (!options.signal.aborted) await readBatch(consumer, channel, options);
    } catch (error) {
      options.onError(EventsError.from(error, `read ${options.filter}`));
      await sleep(RETRY_MS, undefined, { signal: options.signal }).catch(() => {});
    }
  }
}

async function readBatch<D extends DescMessage>(
  consumer: Consumer,
  channel: Channel<D>,
  options: BatchOptions<D>,
): Promise<void> {
  const messages = await consumer.fetch({ max_messages: options.maxMessages, expires: COLLECT_MS });
  const stop = () => messages.stop();
  options.signal.addEventListener('abort', stop, { once: true });
  const held: JsMsg[] = [];
  const batch: MessageShape<D>[] = [];
  try {
    for await (const message of messages) {
      const decoded = decode(channel, message);
      if (decoded) {
        held.push(message);
        batch.push(decoded);
      } else {
        options.onMalformed(message.subject);
        message.term();
      }
    }
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
  if (batch.length === 0) return;
  try {
    await options.handle(batch);
  } catch (error) {
    for (const message of held) message.nak(RETRY_MS);
    throw error;
  }
  for (const message of held) message.ack();
}

function decode<D extends DescMessage>(channel: Channel<D>, message: JsMsg): MessageShape<D> | null {
  try {
    return fromBinary(channel.schema, message.data);
  } catch {
    return null;
  }
}

/** From the oldest message on; the server counts no deliveries, because a reader that is down must not lose any. */
async function ensureConsumer<D extends DescMessage>(
  manager: JetStreamManager,
  channel: Channel<D>,
  { durable, filter, ackWaitMs }: BatchOptions<D>,
): Promise<void> {
  await manager.consumers.add(channel.stream, {
    durable_name: durable,
    filter_subject: filter,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_deliver: -1,
    max_ack_pending: MAX_ACK_PENDING,
  });
}
