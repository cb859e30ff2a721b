/** Typed reading: what is published from now on, and what a stream has kept. */
import { fromBinary, type MessageShape } from '@atelier/contracts';
import type { DescMessage } from '@bufbuild/protobuf';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EventsError } from './errors.ts';
import { retrying } from './retry.ts';
import type { Channel } from './subjects.ts';

const PATIENCE_MS = 10_000;
/** Messages that a reader asks for at a time. */
const READ_AHEAD = 256;

/**
 * Call `handle` for each message published on `filter` while this subscription lives; what is published while NATS is
 * away is missed. Ends when the returned function is called. `handle` must not throw.
 */
export function subscribe<D extends DescMessage>(
  connection: NatsConnection,
  channel: Channel<D>,
  filter: string,
  handle: (message: MessageShape<D>) => void,
): () => void {
  const subscription = connection.subscribe(filter, {
    callback: (error, message) => {
      if (!error) handle(fromBinary(channel.schema, message.data));
    },
  });
  return () => subscription.unsubscribe();
}

/** A message read from a stream. */
export interface StoredMessage<D extends DescMessage> {
  message: MessageShape<D>;
  /** Messages of the filter that the stream holds behind this one; 0: caught up. */
  pending: number;
}

export interface ReadOptions {
  /** End after what the stream holds now; default false: wait for more until `signal` aborts. */
  untilCaughtUp?: boolean;
  /** Ends the reading. */
  signal?: AbortSignal;
}

/**
 * The messages that the channel's stream keeps on `filter`, oldest first, then new ones as they come; in order and
 * without gaps also over a reconnect (an ordered consumer: the client recreates it where it stopped).
 * Throws EventsError.
 */
export async function* readStream<D extends DescMessage>(
  jetstream: JetStreamClient,
  channel: Channel<D>,
  filter: string,
  options: ReadOptions = {},
): AsyncGenerator<StoredMessage<D>> {
  const doing = `read ${filter}`;
  const { consumer, held } = await retrying(doing, PATIENCE_MS, async () => {
    const consumer = await jetstream.consumers.get(channel.stream, { filter_subjects: filter });
    return { consumer, held: (await consumer.info(true)).num_pending };
  });
  if (options.signal?.aborted || (options.untilCaughtUp && held === 0)) return;
  const messages = await retrying(doing, PATIENCE_MS, () => consumer.consume({ max_messages: READ_AHEAD }));
  const stop = () => messages.stop();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    // Aborted while the server answered: the listener came too late.
    if (options.signal?.aborted) stop();
    for await (const stored of messages) {
      const pending = stored.info.pending;
      yield { message: fromBinary(channel.schema, stored.data), pending };
      if (options.untilCaughtUp && pending === 0) return;
    }
  } catch (error) {
    throw EventsError.from(error, doing);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    messages.stop();
  }
}
