import { create, GenerationEventSchema, GenerationJobSchema } from '@atelier/contracts';
import { startNats } from '@atelier/testkit';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  connectEvents,
  type Events,
  eventsOfGeneration,
  GENERATION_WORKERS,
  generationEvents,
  STREAMS,
} from './index.ts';

type Nats = Awaited<ReturnType<typeof startNats>>;
let nats: Nats;
let events: Events;

beforeAll(async () => {
  nats = await startNats();
  events = await connectEvents({ servers: nats.url, name: 'test' });
});
afterAll(async () => {
  await events?.close();
  await nats?.stop();
});

const stageStarted = (generationId: string, sequence: number, name: string) =>
  create(GenerationEventSchema, {
    generationId,
    sequence: BigInt(sequence),
    what: { case: 'stageStarted', value: { name } },
  });

const finished = (generationId: string, sequence: number) =>
  create(GenerationEventSchema, {
    generationId,
    sequence: BigInt(sequence),
    what: { case: 'finished', value: { id: generationId } },
  });

/** Names of the events that the stream keeps of a generation. */
async function kept(id: string): Promise<string[]> {
  const found: string[] = [];
  const stored = events.readStream(generationEvents, eventsOfGeneration(id), { untilCaughtUp: true });
  for await (const { message } of stored) {
    found.push(message.what.case === 'stageStarted' ? message.what.value.name : `${message.what.case}`);
  }
  return found;
}

describe('topology', () => {
  test('is declared by two at once where the server has room for one', async () => {
    const small = await startNats('jetstream { max_file_store: 20G }');
    try {
      for (let round = 0; round < 5; round++) {
        const both = [1, 2].map((n) => connectEvents({ servers: small.url, name: `declares-${n}` }));
        for (const one of await Promise.all(both)) await one.close();
        const connection = await connect({ servers: small.url });
        const manager = await jetstreamManager(connection);
        for (const { config } of await manager.streams.list().next())
          await manager.streams.delete(config.name);
        await connection.close();
      }
    } finally {
      await small.stop();
    }
  });

  test('is declared whole, and declaring it again changes nothing', async () => {
    const connection = await connect({ servers: nats.url });
    const manager = await jetstreamManager(connection);
    const before = await manager.consumers.info('ATELIER_JOBS', GENERATION_WORKERS);
    const again = await connectEvents({ servers: nats.url, name: 'again' });
    const names = (await manager.streams.list().next()).map((stream) => stream.config.name);
    for (const stream of STREAMS) expect(names).toContain(stream.name);
    expect(names).toEqual(expect.arrayContaining(['KV_atelier_generations', 'OBJ_atelier_images']));
    const after = await manager.consumers.info('ATELIER_JOBS', GENERATION_WORKERS);
    expect(after.created).toBe(before.created);
    expect(after.config.max_deliver).toBe(-1);
    await again.close();
    await connection.close();
  });

  test('takes another silence limit over', async () => {
    const other = await connectEvents({ servers: nats.url, name: 'other', ackWaitMs: 7_000 });
    const connection = await connect({ servers: nats.url });
    const manager = await jetstreamManager(connection);
    const info = await manager.consumers.info('ATELIER_JOBS', GENERATION_WORKERS);
    expect(info.config.ack_wait).toBe(7_000 * 1e6);
    await other.close();
    await connection.close();
  });
});

describe('publish', () => {
  test('keeps order, counts a repeated message once', async () => {
    for (const [sequence, name] of [
      [1, 'a'],
      [2, 'b'],
      [2, 'b'],
      [3, 'c'],
    ] as const) {
      await events.publish(generationEvents, stageStarted('order', sequence, name));
    }
    expect(await kept('order')).toEqual(['a', 'b', 'c']);
  });

  test('tells whether the message was new', async () => {
    const event = stageStarted('new', 1, 'a');
    expect(await events.publish(generationEvents, event)).toBe(true);
    expect(await events.publish(generationEvents, event)).toBe(false);
  });

  test('onlyFirst lets one message of a subject in, whatever its id', async () => {
    const first = await events.publish(generationEvents, finished('once', 5), { onlyFirst: true });
    const second = await events.publish(generationEvents, finished('once', 9), { onlyFirst: true });
    expect([first, second]).toEqual([true, false]);
    expect(await kept('once')).toEqual(['finished']);
  });

  test('lossy messages keep their place between the others', async () => {
    events.publishLossy(generationEvents, stageStarted('lossy', 1, 'a'));
    await events.publish(generationEvents, stageStarted('lossy', 2, 'b'));
    events.publishLossy(generationEvents, stageStarted('lossy', 3, 'c'));
    await events.publish(generationEvents, stageStarted('lossy', 4, 'd'));
    expect(await kept('lossy')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('an event without content is refused', async () => {
    const empty = create(GenerationEventSchema, { generationId: 'empty', sequence: 1n });
    await expect(events.publish(generationEvents, empty)).rejects.toThrow('without content');
  });
});

describe('readStream', () => {
  test('gives what is kept, then what comes, until its signal', async () => {
    await events.publish(generationEvents, stageStarted('tail', 1, 'kept'));
    const stop = new AbortController();
    const names: string[] = [];
    const filter = eventsOfGeneration('tail');
    for await (const { message } of events.readStream(generationEvents, filter, { signal: stop.signal })) {
      if (message.what.case === 'stageStarted') names.push(message.what.value.name);
      if (names.length === 1) await events.publish(generationEvents, stageStarted('tail', 2, 'live'));
      if (names.length === 2) stop.abort();
    }
    expect(names).toEqual(['kept', 'live']);
  });

  test('of an unknown generation ends at once when only the kept is wanted', async () => {
    expect(await kept('unheard-of')).toEqual([]);
  });
});

test('backlog counts waiting jobs', async () => {
  const job = create(GenerationJobSchema, { generationId: 'waiting' });
  const before = await events.backlog();
  expect(await events.enqueue(job)).toBe(true);
  expect(await events.enqueue(job)).toBe(false);
  expect(await events.backlog()).toBe(before + 1);
});

test('no server: a clear, typed error in the time given', async () => {
  const started = performance.now();
  const attempt = connectEvents({ servers: 'nats://127.0.0.1:1', name: 'test', connectTimeoutMs: 300 });
  await expect(attempt).rejects.toMatchObject({ name: 'EventsError', code: 'unavailable' });
  await expect(attempt).rejects.toThrow(/no NATS server at nats:\/\/127\.0\.0\.1:1.*nats-server -js/);
  expect(performance.now() - started).toBeLessThan(2_000);
});
