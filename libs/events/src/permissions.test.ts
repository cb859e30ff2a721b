/** Each service with its rights on a real server: it does what it must, and is refused everything else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CurationTaskSchema,
  create,
  FeedbackEventSchema,
  GenerationEventSchema,
  GenerationJobSchema,
  GenerationRecordSchema,
  ModelEventSchema,
} from '@atelier/contracts';
import { type NatsServer, startNats } from '@atelier/local-mesh';
import { eventually } from '@atelier/testkit';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectEvents } from './connect.ts';
import { makeNatsUser, natsCredentials } from './credentials.ts';
import type { Events } from './events.ts';
import { NATS_SERVICES, natsConfiguration, permissionsOf } from './permissions.ts';
import {
  eventsOfGeneration,
  FINISHED_GENERATIONS,
  feedbackEvents,
  generationEvents,
  modelEvents,
  previewsOf,
} from './subjects.ts';

let folder: string;
let nats: NatsServer;
const open: Events[] = [];
const seedFile = (service: string): string => join(folder, `${service}.seed`);

async function as(service: string, name = service): Promise<Events> {
  const events = await connectEvents({ servers: nats.url, name, seedFile: seedFile(service) });
  open.push(events);
  return events;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-nats-users-'));
  const publicKeys: Record<string, string> = {};
  for (const service of NATS_SERVICES) {
    const user = makeNatsUser();
    publicKeys[service] = user.publicKey;
    await writeFile(seedFile(service), user.seed);
  }
  await writeFile(seedFile('stranger'), makeNatsUser().seed);
  nats = await startNats({ url: '', configuration: natsConfiguration(publicKeys) });
  await as('orchestrator');
});
afterAll(async () => {
  await Promise.all(open.map((events) => events.close()));
  await nats?.stop();
  await rm(folder, { recursive: true });
});

const finished = (id: string) =>
  create(GenerationEventSchema, {
    generationId: id,
    sequence: 9n,
    what: { case: 'finished', value: { id } },
  });

/** The first `count` things that `work` pushes. */
async function firstOf<T>(count: number, work: (push: (value: T) => void) => Promise<unknown>): Promise<T[]> {
  const seen: T[] = [];
  const working = work((value) => seen.push(value));
  await Promise.race([eventually('events', () => seen.length >= count), working]);
  return seen;
}

describe('with the rights of its service', () => {
  it('an orchestrator declares, queues, works, records, lists, stores and watches', async () => {
    const events = await as('orchestrator');
    await events.enqueue(create(GenerationJobSchema, { generationId: 'g1' }));
    const done = await firstOf<string>(1, async (push) => {
      const worker = events.consumeJobs({
        handle: async ({ job }) => {
          push(job.generationId);
          return 'done';
        },
        onDead: async () => {},
        concurrency: 1,
        maxDeliver: 2,
      });
      await eventually('an empty queue', async () => (await events.backlog()) === 0);
      await worker.stop(1_000);
    });
    expect(done).toEqual(['g1']);

    const record = create(GenerationRecordSchema, { generation: { id: 'g1' } });
    const { revision } = await events.generations.create('g1', record);
    await events.generations.update('g1', record, revision);
    expect((await events.generations.get('g1'))?.value.generation?.id).toBe('g1');
    await events.generationIndex.add('acme.1.g1');
    expect(await events.generationIndex.page('acme', '', 5)).toEqual(['acme.1.g1']);
    await events.usage.change('acme.day', (used) => used + 1);
    const uri = await events.images.put('g1', 0, new Uint8Array([1]));
    // Again: what was there is purged.
    await events.images.put('g1', 0, new Uint8Array([2]));
    expect([...((await events.images.get(uri)) ?? [])]).toEqual([2]);

    await events.publish(generationEvents, finished('g1'), { onlyFirst: true });
    const kept = [];
    const reading = events.readStream(generationEvents, eventsOfGeneration('g1'), { untilCaughtUp: true });
    for await (const { message } of reading) kept.push(message.what.case);
    expect(kept).toEqual(['finished']);
    const heard = await firstOf<string>(1, async (push) => {
      events.subscribe(generationEvents, 'atelier.events.generation.*.cancel-requested', (event) =>
        push(event.generationId),
      );
      await events.flush();
      const value = { case: 'cancelRequested' as const, value: {} };
      const event = create(GenerationEventSchema, { generationId: 'g2', sequence: 1n, what: value });
      await events.publish(generationEvents, event);
    });
    expect(heard).toEqual(['g2']);

    const replica = await as('orchestrator');
    expect(await events.isWanted(previewsOf('g2'))).toBe(false);
    replica.want(previewsOf('g2'));
    await replica.flush();
    expect(await events.isWanted(previewsOf('g2'))).toBe(true);
  });

  it('jobs that can’t be done are buried', async () => {
    const events = await as('orchestrator');
    await events.enqueue(create(GenerationJobSchema, { generationId: 'dead' }));
    const worker = events.consumeJobs({
      handle: async () => ({ again: true, delayMs: 0 }),
      onDead: async () => {},
      concurrency: 1,
      maxDeliver: 1,
    });
    await eventually('an empty queue', async () => (await events.backlog()) === 0);
    await worker.stop(1_000);
  });

  it('autocomplete reads how generations end', async () => {
    const events = await as('autocomplete');
    const reading = events.readStream(generationEvents, FINISHED_GENERATIONS, { untilCaughtUp: true });
    const ids = [];
    for await (const { message } of reading) ids.push(message.generationId);
    expect(ids).toEqual(['g1']);
  });

  it('web publishes feedback, and insights keeps it with how generations end, and looks at pictures', async () => {
    const interaction = { interactionId: 'i1', kind: { case: 'shown' as const, value: {} } };
    await (await as('web')).publish(feedbackEvents, create(FeedbackEventSchema, { interaction }));
    const insights = await as('insights');
    const stop = new AbortController();
    const seen = await firstOf<string>(2, async (push) => {
      const reading = {
        durable: 'insights',
        maxMessages: 10,
        ackWaitMs: 5_000,
        onError: (error: Error) => push(error.message),
        onMalformed: () => {},
        signal: stop.signal,
      };
      const feedback = insights.consumeBatches(feedbackEvents, {
        ...reading,
        handle: async (batch) => {
          for (const _ of batch) push('feedback');
        },
      });
      const generations = insights.consumeBatches(generationEvents, {
        ...reading,
        filter: FINISHED_GENERATIONS,
        handle: async (batch) => {
          for (const _ of batch) push('generation');
        },
      });
      await Promise.all([feedback, generations]);
    });
    stop.abort();
    expect(seen.sort()).toEqual(['feedback', 'generation']);
    expect((await insights.generations.get('g1'))?.value.generation?.id).toBe('g1');
    const png = await insights.images.get('nats-obj://atelier_images/g1/0.png');
    expect([...(png ?? [])]).toEqual([2]);
  });

  it('data-pipeline queues and does its tasks; the evaluator tells its decisions', async () => {
    const pipeline = await as('data-pipeline', 'data-pipeline-worker');
    await pipeline.enqueueCuration(create(CurationTaskSchema, { session: 's', stage: 'x', index: 1 }));
    const done = await firstOf<number>(1, async (push) => {
      pipeline.consumeCuration({
        handle: async ({ job }) => {
          push(job.index);
          return 'done';
        },
        onDead: async () => {},
        concurrency: 1,
        maxDeliver: 2,
      });
      await new Promise(() => {});
    });
    expect(done).toEqual([1]);
    const decision = { case: 'promoted' as const, value: {} };
    const event = create(ModelEventSchema, { modelVersion: { name: 'm', version: '1' }, decision });
    expect(await (await as('evaluator')).publish(modelEvents, event)).toBe(true);
  });
});

describe('nothing else', () => {
  /** Every subject that any service may publish to or hear, made concrete, and a few that nobody may. */
  const concrete = (subject: string): string => subject.replaceAll('*', 'x').replace(/>$/, 'x.y');
  const everyPublish = [...new Set(NATS_SERVICES.flatMap((service) => permissionsOf(service).publish))];
  const everySubscribe = [...new Set(NATS_SERVICES.flatMap((service) => permissionsOf(service).subscribe))];
  const nobody = [
    '$JS.API.STREAM.DELETE.ATELIER_JOBS',
    '$SYS.REQ.SERVER.PING',
    'atelier.other',
    '$KV.other.x',
  ];

  /** Whether a pattern of NATS matches a subject. */
  const matches = (pattern: string, subject: string): boolean => {
    const [want, have] = [pattern.split('.'), subject.split('.')];
    const end = want.indexOf('>');
    if (end < 0 && want.length !== have.length) return false;
    const fixed = end < 0 ? want : want.slice(0, end);
    return have.length >= want.length && fixed.every((token, i) => token === '*' || token === have[i]);
  };

  it.each(NATS_SERVICES)('is let through for %s', async (service) => {
    const credentials = natsCredentials(service, seedFile(service));
    const connection: NatsConnection = await connect({ servers: nats.url, name: service, ...credentials });
    const refused = new Set<string>();
    void (async () => {
      for await (const status of connection.status()) {
        const said = status.type === 'error' ? status.error.message : '';
        const [, operation, subject] = /(publish|subscription) (?:to )?"([^"]+)"/i.exec(said) ?? [];
        if (subject) refused.add(`${operation?.toLowerCase()} ${subject}`);
      }
    })();
    const { publish, subscribe } = permissionsOf(service);
    const expected = new Set<string>();
    for (const subject of [...everyPublish.map(concrete), ...nobody]) {
      if (publish.some((pattern) => matches(pattern, subject))) continue;
      expected.add(`publish ${subject}`);
      connection.publish(subject, '');
    }
    const others = [...everySubscribe.map(concrete), '>', '$SYS.>', '_INBOX.>', 'atelier.>', '$JS.ACK.>'];
    for (const subject of others) {
      if (subscribe.some((pattern) => matches(pattern, subject))) continue;
      expected.add(`subscription ${subject}`);
      connection.subscribe(subject, { callback: () => {} });
    }
    await connection.flush();
    await eventually('refusals', () => refused.size >= expected.size, 20_000).catch(() => {});
    expect([...refused].sort()).toEqual([...expected].sort());
    await connection.close();
  });

  it('is there for whom the server does not know', async () => {
    const stranger = connectEvents({
      servers: nats.url,
      name: 'web',
      seedFile: seedFile('stranger'),
      connectTimeoutMs: 500,
    });
    await expect(stranger).rejects.toThrow(/authorization/i);
    await expect(connectEvents({ servers: nats.url, name: 'web', connectTimeoutMs: 500 })).rejects.toThrow(
      /authorization/i,
    );
  });
});
