/** Typed reading: what is published from now on, and what a stream has kept. */
import { fromBinary, type MessageShape } from '@atelier/contracts';
import type { DescMessage } from '@bufbuild/protobuf';
import type { Consumer, JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EventsError } from './errors.ts';
import type { Link } from './link.ts';
import { retryingOver } from './retry.ts';
import type { Channel } from './subjects.ts';

const PATIENCE_MS = 10_000;
/** Messages that a reader asks for at a time. */
const READ_AHEAD = 256;
/** How long a pull waits at the server, in milliseconds: in a silence as long the client notices that it was forgotten. */
const PULL_MS = 5_000;

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
 * without gaps also over a lost connection. What has begun waits for NATS as long as it takes.
 * Throws EventsError.
 */
export async function* readStream<D extends DescMessage>(
  link: Link,
  jetstream: JetStreamClient,
  channel: Channel<D>,
  filter: string,
  options: ReadOptions = {},
): AsyncGenerator<StoredMessage<D>> {
  const doing = `read ${filter}`;
  const retrying = retryingOver(link);
  const over = () => options.signal?.aborted || link.closed;
  let begun = false;
  for (let next = 1; !over(); ) {
    // The client would make its consumer anew, but sleeps for `expires` when a server that is back doesn't answer at once.
    const consumer = await retrying(doing, PATIENCE_MS, () =>
      jetstream.consumers.get(channel.stream, { filter_subjects: filter, opt_start_seq: next }),
    ).catch((error: EventsError) => {
      if (begun && (error.code === 'unavailable' || link.closed)) return null;
      throw error;
    });
    if (!consumer) continue;
    begun = true;
    const { num_pending: held } = await consumer.info(true);
    if (options.untilCaughtUp && held === 0) return await forget(consumer);
    const messages = await consumer.consume({ max_messages: READ_AHEAD, expires: PULL_MS });
    const stop = () => messages.stop();
    const unlisten = link.onLoss(stop);
    options.signal?.addEventListener('abort', stop, { once: true });
    try {
      // Both may have happened while the server answered: the listeners came too late.
      if (over() || !link.up) stop();
      for await (const stored of messages) {
        next = stored.seq + 1;
        const pending = stored.info.pending;
        yield { message: fromBinary(channel.schema, stored.data), pending };
        if (options.untilCaughtUp && pending === 0) return;
      }
    } catch (error) {
      throw EventsError.from(error, doing);
    } finally {
      unlisten();
      options.signal?.removeEventListener('abort', stop);
      messages.stop();
      if (link.up) void forget(consumer);
    }
    await link.returned(options.signal);
  }
}

/** The server would keep it for five minutes after its reader. */
async function forget(consumer: Consumer): Promise<void> {
  await consumer.delete().catch(() => undefined);
}
