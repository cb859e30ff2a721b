/** Jobs: stored by the server, given to one worker at a time, given again when that worker falls silent. */

import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary, type MessageShape } from '@atelier/contracts';
import { failpoint } from '@atelier/failpoints';
import type { DescMessage } from '@bufbuild/protobuf';
import type { Consumer, JetStreamClient, JsMsg } from '@nats-io/jetstream';
import { type MsgHdrs, headers as natsHeaders } from '@nats-io/transport-node';
import { EventsError } from './errors.ts';
import type { Link } from './link.ts';
import { type Retrying, retryingOver } from './retry.ts';
import { type Channel, deadLetterSubject } from './subjects.ts';
import { consuming } from './tracing.ts';

/** A job in a worker's hands. */
export interface Delivery<T> {
  job: T;
  /** How often it has been given out, from 1. */
  delivery: number;
  /** When it was queued. */
  queuedAt: Date;
  /** Aborts when the worker must let go (shutdown took longer than its grace): give up, and return `again`. */
  signal: AbortSignal;
}

/**
 * What becomes of a job: `done` removes it; `again` gives it out once more after `delayMs`, saying why; `lost`
 * leaves it to whoever else has it by now.
 */
export type Outcome = 'done' | 'lost' | { again: true; delayMs: number; cause?: unknown };

export interface WorkOptions<T> {
  /** Run one job. A thrown error counts as `again` after a second. Must be idempotent: delivery is at least once. */
  handle: (delivery: Delivery<T>) => Promise<Outcome>;
  /**
   * Called for a job that is given up after `maxDeliver` deliveries, before it moves to the dead letters; with the
   * cause of the last failure when this worker saw it. Must be idempotent.
   */
  onDead: (job: T, deliveries: number, cause: unknown) => Promise<void>;
  /** Called for errors that only concern this worker, such as a lost connection. */
  onError?: (error: EventsError) => void;
  /** Jobs at a time, 1 or more. */
  concurrency: number;
  /** Silence after which the server gives a job to another worker, in milliseconds; heartbeats come at a third. */
  ackWaitMs: number;
  /** Deliveries before a job is dead, 1 or more. */
  maxDeliver: number;
}

/** How long a pull waits at the server, in milliseconds. */
const PULL_MS = 5_000;
const PATIENCE_MS = 15_000;

export class Worker<D extends DescMessage> {
  readonly #link: Link;
  readonly #retrying: Retrying;
  readonly #jetstream: JetStreamClient;
  readonly #channel: Channel<D>;
  readonly #options: WorkOptions<MessageShape<D>>;
  readonly #letGo = new AbortController();
  readonly #pulls = new Set<() => void>();
  readonly #slots: Promise<void>[];
  readonly #unlisten: () => void;
  #stopping = false;

  /** Starts to pull at once. */
  constructor(
    link: Link,
    jetstream: JetStreamClient,
    channel: Channel<D>,
    durable: string,
    options: WorkOptions<MessageShape<D>>,
  ) {
    this.#link = link;
    this.#retrying = retryingOver(link);
    this.#jetstream = jetstream;
    this.#channel = channel;
    this.#options = options;
    this.#slots = Array.from({ length: options.concurrency }, () => this.#slot(durable));
    // A pull is forgotten when its server restarts; without this the slot would wait for its expiry.
    this.#unlisten = link.onReturn(() => this.#endPulls());
  }

  /** Take no more jobs; let those in hand finish for `graceMs`, then abort them so that others take them over. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#endPulls();
    const timer = setTimeout(() => this.#letGo.abort(), graceMs);
    await Promise.all(this.#slots);
    clearTimeout(timer);
    this.#unlisten();
  }

  async #slot(durable: string): Promise<void> {
    while (!this.#stopping) {
      try {
        const consumer = await this.#jetstream.consumers.get(this.#channel.stream, durable);
        while (!this.#stopping) await this.#pull(consumer);
      } catch (error) {
        if (this.#link.closed) return;
        this.#options.onError?.(EventsError.from(error, `pull ${this.#channel.filter}`));
        await sleep(250);
      }
    }
  }

  /** One pull, one job: a job never waits in a worker's memory while another worker is free. */
  async #pull(consumer: Consumer): Promise<void> {
    const messages = await consumer.fetch({ max_messages: 1, expires: PULL_MS });
    const end = () => messages.stop();
    this.#pulls.add(end);
    if (this.#stopping) end();
    try {
      for await (const message of messages) {
        if (this.#stopping) message.nak();
        else await this.#deliver(message);
      }
    } finally {
      this.#pulls.delete(end);
    }
  }

  async #deliver(message: JsMsg): Promise<void> {
    const deliveries = message.info.deliveryCount;
    const job = fromBinary(this.#channel.schema, message.data);
    // Long enough for two heartbeats to get lost.
    const heartbeat = setInterval(() => message.working(), this.#options.ackWaitMs / 3);
    try {
      if (deliveries > this.#options.maxDeliver) return await this.#bury(message, job, undefined);
      const outcome = await consuming(
        this.#channel.filter,
        message.headers,
        { 'messaging.nats.delivery': deliveries },
        () => this.#run(message, job, deliveries),
      );
      if (outcome === 'lost') return;
      if (outcome === 'done') return await this.#acknowledge(message);
      if (deliveries >= this.#options.maxDeliver && !this.#stopping) {
        return await this.#bury(message, job, outcome.cause);
      }
      message.nak(outcome.delayMs);
    } catch (error) {
      this.#options.onError?.(EventsError.from(error, `job on ${this.#channel.filter}`));
      message.nak(1_000);
    } finally {
      clearInterval(heartbeat);
    }
  }

  async #run(message: JsMsg, job: MessageShape<D>, delivery: number): Promise<Outcome> {
    try {
      const { signal } = this.#letGo;
      await failpoint('job.handle.before');
      const outcome = await this.#options.handle({ job, delivery, queuedAt: message.time, signal });
      await failpoint('job.handle.after');
      return outcome;
    } catch (error) {
      this.#options.onError?.(EventsError.from(error, `job on ${this.#channel.filter}`));
      return { again: true, delayMs: 1_000, cause: error };
    }
  }

  /** Waits for the server to confirm: an acknowledgement lost in a reconnect would run the job once more. */
  async #acknowledge(message: JsMsg): Promise<void> {
    await failpoint('job.ack.before');
    await this.#retrying('acknowledge job', this.#options.ackWaitMs, () => message.ackAck());
    await failpoint('job.ack.after');
  }

  async #bury(message: JsMsg, job: MessageShape<D>, cause: unknown): Promise<void> {
    await failpoint('job.bury.before');
    await this.#options.onDead(job, message.info.deliveryCount, cause);
    const headers = copyHeaders(message.headers);
    headers.set('Atelier-Deliveries', String(message.info.deliveryCount));
    await this.#retrying('keep dead letter', PATIENCE_MS, () =>
      this.#jetstream.publish(deadLetterSubject(message.subject), message.data, {
        headers,
        msgID: `dead.${this.#channel.messageId(job)}`,
      }),
    );
    await failpoint('job.bury.after');
    await this.#acknowledge(message);
  }

  #endPulls(): void {
    for (const end of this.#pulls) end();
  }
}

function copyHeaders(from: MsgHdrs | undefined): MsgHdrs {
  const to = natsHeaders();
  for (const key of from?.keys() ?? []) {
    for (const value of from?.values(key) ?? []) to.append(key, value);
  }
  return to;
}
