/** Reading a stream in batches under a durable name, one reader at a time: what is handed over is acknowledged once it is kept. */

import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary, type MessageShape } from '@atelier/contracts';
import { failpoint } from '@atelier/failpoints';
import type { DescMessage } from '@bufbuild/protobuf';
import {
  AckPolicy,
  type Consumer,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { EventsError } from './errors.ts';
import type { Retrying } from './retry.ts';
import type { Channel } from './subjects.ts';

export interface BatchOptions<D extends DescMessage> {
  /** Name under which the server remembers what was kept, unique in the stream. A new reader of the name takes over from the last. */
  durable: string;
  /**
   * Subject filter inside the channel's stream; default: all of the stream. Without one nats-server 2.9 gives tens of thousands of
   * messages a second, with one it searches for each and gives some hundreds.
   */
  filter?: string;
  /** Most messages of a batch, 1 or more. */
  maxMessages: number;
  /**
   * Silence after which what was not acknowledged is given again, milliseconds, the same for all readers of the name.
   * Heartbeats go out at a third of it for as long as the reader lives, however slow `handle` is.
   */
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

const RETRY_MS = 1_000;
const PATIENCE_MS = 10_000;
/** How long a pull waits at the server, in milliseconds: also how long the client sleeps when one that is back doesn't answer at once. */
const PULL_MS = 5_000;
/** Batches in a reader's hands: one that is being kept, one that waits. */
const BATCHES_IN_HAND = 2;

/** Read batches until the signal aborts. Never rejects: what goes wrong is told and tried again. */
export async function consumeBatches<D extends DescMessage>(
  jetstream: JetStreamClient,
  manager: JetStreamManager,
  retrying: Retrying,
  channel: Channel<D>,
  options: BatchOptions<D>,
): Promise<void> {
  const doing = `read ${options.filter ?? channel.stream}`;
  while (!options.signal.aborted) {
    try {
      const consumer = await retrying(doing, PATIENCE_MS, async () => {
        await takeOver(manager, channel, options);
        return await jetstream.consumers.get(channel.stream, options.durable);
      });
      await follow(consumer, channel, options);
    } catch (error) {
      options.onError(EventsError.from(error, doing));
      await sleep(RETRY_MS, undefined, { signal: options.signal }).catch(() => {});
    }
  }
}

/** What comes while a batch is being kept is the next batch: a single event waits for nothing, many share a transaction. */
async function follow<D extends DescMessage>(
  consumer: Consumer,
  channel: Channel<D>,
  options: BatchOptions<D>,
): Promise<void> {
  const waiting: JsMsg[] = [];
  let batch: JsMsg[] = [];
  const heartbeat = setInterval(() => {
    for (const message of [...batch, ...waiting]) message.working();
  }, options.ackWaitMs / 3);
  let wake = () => {};
  const messages = await consumer.consume({
    max_messages: options.maxMessages,
    expires: PULL_MS,
    callback: (message) => {
      waiting.push(message);
      wake();
    },
  });
  let ended: { why: unknown } | undefined;
  const closed = messages.closed().then((why) => {
    ended = { why };
    wake();
  });
  const stop = () => {
    messages.stop();
    wake();
  };
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    while (!options.signal.aborted) {
      batch = waiting.splice(0, options.maxMessages);
      if (batch.length > 0) await keep(batch, channel, options);
      else if (ended) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    clearInterval(heartbeat);
    options.signal.removeEventListener('abort', stop);
    messages.stop();
    await closed;
  }
  if (ended?.why instanceof Error) throw ended.why;
}

/** Acknowledged when kept. Throws what `handle` throws: whoever takes over then is given it again. */
async function keep<D extends DescMessage>(
  messages: readonly JsMsg[],
  channel: Channel<D>,
  options: BatchOptions<D>,
): Promise<void> {
  const valid = messages.flatMap((message) => {
    const decoded = decode(channel, message);
    if (decoded) return [{ message, decoded }];
    options.onMalformed(message.subject);
    message.term();
    return [];
  });
  if (valid.length === 0) return;
  await failpoint('batch.keep.before');
  await options.handle(valid.map(({ decoded }) => decoded));
  await failpoint('batch.keep.after');
  for (const { message } of valid) message.ack();
}

function decode<D extends DescMessage>(channel: Channel<D>, message: JsMsg): MessageShape<D> | null {
  try {
    return fromBinary(channel.schema, message.data);
  } catch {
    return null;
  }
}

/**
 * The consumer, waiting behind the last message up to which all were acknowledged (at first: before the oldest). What another reader
 * had in hand comes at once and in order: a server would give it again only after its silence, one by one between newer messages.
 * When this dies halfway the consumer is gone, and the stream comes from its beginning: more than is needed, never less.
 */
async function takeOver<D extends DescMessage>(
  manager: JetStreamManager,
  { stream }: Channel<D>,
  { durable, filter, ackWaitMs, maxMessages }: BatchOptions<D>,
): Promise<void> {
  let kept = 0;
  try {
    kept = (await manager.consumers.info(stream, durable)).ack_floor.stream_seq;
    await manager.consumers.delete(stream, durable);
  } catch (error) {
    const missing = error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;
    if (!missing) throw error;
  }
  await manager.consumers.add(stream, {
    durable_name: durable,
    ...(filter && { filter_subject: filter }),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: BATCHES_IN_HAND * maxMessages,
    // Never given up: a reader that is down must not lose any.
    max_deliver: -1,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: kept + 1,
  });
}
