import { setTimeout as sleep } from 'node:timers/promises';
import { create, type GenerationJob, GenerationJobSchema } from '@atelier/contracts';
import { eventually, startNats } from '@atelier/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectEvents, type Delivery, type Events, type Outcome, type Worker } from './index.ts';

const ACK_WAIT_MS = 600;

let nats: Awaited<ReturnType<typeof startNats>>;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  nats = await startNats();
});
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
  await nats.stop();
});

async function open(): Promise<Events> {
  const events = await connectEvents({ servers: nats.url, name: 'test', ackWaitMs: ACK_WAIT_MS });
  opened.push(events);
  return events;
}

function work(
  events: Events,
  handle: (delivery: Delivery<GenerationJob>) => Promise<Outcome>,
  more: { maxDeliver?: number; concurrency?: number; dead?: string[] } = {},
): Worker<typeof GenerationJobSchema> {
  const worker = events.consumeJobs({
    handle,
    onDead: async (job) => void more.dead?.push(job.generationId),
    concurrency: more.concurrency ?? 1,
    maxDeliver: more.maxDeliver ?? 5,
  });
  opened.push({ close: () => worker.stop(0) });
  return worker;
}

const job = (generationId: string) => create(GenerationJobSchema, { generationId });

test('every job is done once by one of two workers', async () => {
  const [a, b] = [await open(), await open()];
  const done: string[] = [];
  for (const events of [a, b]) {
    work(events, async ({ job: { generationId } }) => {
      done.push(generationId);
      await sleep(5);
      return 'done';
    });
  }
  const ids = Array.from({ length: 20 }, (_, index) => `job-${index}`);
  for (const id of ids) await a.enqueue(job(id));
  await eventually('an empty queue', async () => (await a.backlog()) === 0);
  expect(done.sort()).toEqual(ids.sort());
});

test('heartbeats keep a job that takes longer than the silence limit', async () => {
  const events = await open();
  let deliveries = 0;
  work(
    events,
    async () => {
      deliveries += 1;
      await sleep(3 * ACK_WAIT_MS);
      return 'done';
    },
    { concurrency: 2 },
  );
  await events.enqueue(job('long'));
  await eventually('an empty queue', async () => (await events.backlog()) === 0);
  expect(deliveries).toBe(1);
});

test('a job of a worker that vanished goes to another', async () => {
  const vanishing = await open();
  const seen: number[] = [];
  let taken = false;
  work(vanishing, async () => {
    taken = true;
    return await new Promise<Outcome>(() => {});
  });
  await vanishing.enqueue(job('orphan'));
  await eventually('the first delivery', () => taken);
  // What kill -9 looks like to the server: the connection is gone without a word.
  await (vanishing as unknown as { close(): Promise<void> }).close();
  opened.splice(opened.length - 1, 1);
  const heir = await open();
  work(heir, async ({ delivery }) => {
    seen.push(delivery);
    return 'done';
  });
  await eventually('the second delivery', () => seen.length === 1);
  expect(seen).toEqual([2]);
});

describe('a job that fails', () => {
  test('is tried maxDeliver times, then told dead once and kept as a dead letter', async () => {
    const events = await open();
    const dead: string[] = [];
    let attempts = 0;
    work(
      events,
      async () => {
        attempts += 1;
        return { again: true, delayMs: 1 };
      },
      { maxDeliver: 3, dead },
    );
    await events.enqueue(job('hopeless'));
    await eventually('the job to be dead', () => dead.length > 0);
    await eventually('an empty queue', async () => (await events.backlog()) === 0);
    expect(attempts).toBe(3);
    expect(dead).toEqual(['hopeless']);
    const connection = await connect({ servers: nats.url });
    const manager = await jetstreamManager(connection);
    const letter = await manager.streams.getMessage('ATELIER_DEAD_LETTERS', {
      last_by_subj: 'atelier.dlq.>',
    });
    expect(letter?.subject).toBe('atelier.dlq.jobs.generation');
    expect(letter?.header.get('Atelier-Deliveries')).toBe('3');
    await connection.close();
  });

  test('by killing its workers is dead as well: the delivery after the last is not run', async () => {
    const events = await open();
    await events.enqueue(job('deadly'));
    // Two deliveries are taken and never answered, as by workers that die.
    const connection = await connect({ servers: nats.url });
    const { jetstream } = await import('@nats-io/jetstream');
    const consumer = await jetstream(connection).consumers.get('ATELIER_JOBS', 'orchestrator');
    for (let delivery = 1; delivery <= 2; delivery += 1) {
      await eventually(`delivery ${delivery}`, () => consumer.next({ expires: 1_000 }));
    }
    await connection.close();
    const dead: string[] = [];
    let runs = 0;
    work(
      events,
      async () => {
        runs += 1;
        return 'done';
      },
      { maxDeliver: 2, dead },
    );
    await eventually('the job to be dead', () => dead.length > 0);
    expect({ runs, dead }).toEqual({ runs: 0, dead: ['deadly'] });
  });

  test('by throwing is tried again', async () => {
    const events = await open();
    const seen: number[] = [];
    work(events, async ({ delivery }) => {
      seen.push(delivery);
      if (delivery === 1) throw new Error('a bug');
      return 'done';
    });
    await events.enqueue(job('unlucky'));
    await eventually('an empty queue', async () => (await events.backlog()) === 0);
    expect(seen).toEqual([1, 2]);
  });
});

describe('stop', () => {
  test('waits for the job in hand and takes no other', async () => {
    const events = await open();
    const done: string[] = [];
    const worker = work(events, async ({ job: { generationId } }) => {
      await sleep(100);
      done.push(generationId);
      return 'done';
    });
    await events.enqueue(job('first'));
    await events.enqueue(job('second'));
    await eventually('the first to start', async () => (await events.backlog()) === 2);
    await sleep(20);
    await worker.stop(5_000);
    expect(done).toEqual(['first']);
    expect(await events.backlog()).toBe(1);
  });

  test('lets go of a job that outlasts the grace; another worker gets it at once', async () => {
    const [a, b] = [await open(), await open()];
    let taken = false;
    const worker = work(a, async ({ signal }) => {
      taken = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { again: true, delayMs: 0 };
    });
    await a.enqueue(job('handed-over'));
    await eventually('the first delivery', () => taken);
    const seen: number[] = [];
    await worker.stop(50);
    const started = performance.now();
    work(b, async ({ delivery }) => {
      seen.push(delivery);
      return 'done';
    });
    await eventually('the second delivery', () => seen.length === 1);
    expect(performance.now() - started).toBeLessThan(ACK_WAIT_MS);
  });

  test('of an idle worker does not wait for its pull to expire', async () => {
    const worker = work(await open(), async () => 'done');
    await sleep(100);
    const started = performance.now();
    await worker.stop(1_000);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

test('a server killed and restarted loses no job and no worker', async () => {
  const events = await open();
  const done: string[] = [];
  work(events, async ({ job: { generationId } }) => {
    done.push(generationId);
    return 'done';
  });
  await events.enqueue(job('before'));
  await eventually('the first job', () => done.includes('before'));
  nats.kill();
  const during = events.enqueue(job('during'));
  await sleep(200);
  await nats.restart();
  expect(await during).toBe(true);
  const started = performance.now();
  await eventually('the second job', () => done.includes('during'));
  expect(performance.now() - started).toBeLessThan(4_000);
});

test('the trace goes from who enqueues through the job to who runs it', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const events = await open();
  let inside = '';
  work(events, async () => {
    inside = trace.getActiveSpan()?.spanContext().spanId ?? '';
    return 'done';
  });
  await trace.getTracer('test').startActiveSpan('request', async (span) => {
    await events.enqueue(job('traced'));
    span.end();
  });
  const find = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name);
  const process = await eventually('the consumer span', () => find('process atelier.jobs.generation'));
  const publish = find('publish atelier.jobs.generation');
  expect(publish?.parentSpanContext?.spanId).toBe(find('request')?.spanContext().spanId);
  expect(process.parentSpanContext?.spanId).toBe(publish?.spanContext().spanId);
  expect(process.spanContext().traceId).toBe(find('request')?.spanContext().traceId);
  expect(inside).toBe(process.spanContext().spanId);
  await provider.shutdown();
});
