/** Typed publishing. */

import { type MessageShape, toBinary } from '@atelier/contracts';
import { failpoint } from '@atelier/failpoints';
import type { DescMessage } from '@bufbuild/protobuf';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EventsError } from './errors.ts';
import type { Retrying } from './retry.ts';
import { type Channel, generationJobs } from './subjects.ts';
import { tracedHeaders } from './tracing.ts';

const MESSAGE_ID = 'Nats-Msg-Id';

/** How long publishing waits for a server that restarts, in milliseconds. */
const PATIENCE_MS = 15_000;

export interface PublishOptions {
  /** Refuse when the subject already has a message: holds however long ago that was, unlike the message id. */
  onlyFirst?: boolean;
}

/**
 * Store `message` and wait until the server has it; sent again while NATS is unavailable, deduplicated by the
 * channel's message id. Resolves to false when the message was there already.
 * Throws EventsError: `full`, or `unavailable` after 15 s.
 */
export async function publish<D extends DescMessage>(
  jetstream: JetStreamClient,
  retrying: Retrying,
  channel: Channel<D>,
  message: MessageShape<D>,
  options: PublishOptions = {},
): Promise<boolean> {
  const subject = channel.subject(message);
  const payload = toBinary(channel.schema, message);
  const headers = tracedHeaders();
  const isJob = channel.stream === generationJobs.stream;
  await (isJob ? failpoint('job.publish.before') : failpoint('event.publish.before'));
  try {
    const ack = await retrying(`publish ${subject}`, PATIENCE_MS, () =>
      jetstream.publish(subject, payload, {
        msgID: channel.messageId(message),
        headers,
        ...(options.onlyFirst && { expect: { lastSubjectSequence: 0 } }),
      }),
    );
    await (isJob ? failpoint('job.publish.after') : failpoint('event.publish.after'));
    return !ack.duplicate;
  } catch (error) {
    if (options.onlyFirst && error instanceof EventsError && error.code === 'conflict') return false;
    throw error;
  }
}

/**
 * Send `message` without waiting: stored like any other while the server is there, buffered during a reconnect, lost
 * when it can't be kept. For what the next message makes obsolete, such as progress. Order with `publish` is kept.
 */
export function publishLossy<D extends DescMessage>(
  connection: NatsConnection,
  channel: Channel<D>,
  message: MessageShape<D>,
): void {
  if (connection.isClosed() || connection.isDraining()) return;
  const headers = tracedHeaders();
  headers.set(MESSAGE_ID, channel.messageId(message));
  connection.publish(channel.subject(message), toBinary(channel.schema, message), { headers });
}
