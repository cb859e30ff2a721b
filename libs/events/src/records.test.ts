import { create, GenerationRecordSchema, GenerationState } from '@atelier/contracts';
import { startNats } from '@atelier/testkit';
import { type KV, Kvm } from '@nats-io/kv';
import { connect, TimeoutError } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectEvents, type Events } from './index.ts';
import { Records } from './records.ts';
import { retrying } from './retry.ts';

let nats: Awaited<ReturnType<typeof startNats>>;
let events: Events;

beforeAll(async () => {
  nats = await startNats();
  events = await connectEvents({ servers: nats.url, name: 'test' });
});
afterAll(async () => {
  await events?.close();
  await nats?.stop();
});

const record = (id: string, state: GenerationState = GenerationState.QUEUED) =>
  create(GenerationRecordSchema, { generation: { id, state } });

describe('records', () => {
  test('a new record is created once; a second creator gets a conflict', async () => {
    const { revision } = await events.generations.create('r1', record('r1'));
    expect((await events.generations.get('r1'))?.revision).toBe(revision);
    await expect(
      events.generations.create('r1', record('r1', GenerationState.RUNNING)),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('of two writers that read the same revision one goes on', async () => {
    const { revision } = await events.generations.create('r2', record('r2'));
    const writes = [GenerationState.SUCCEEDED, GenerationState.CANCELLED].map((state) =>
      events.generations.update('r2', record('r2', state), revision).then(
        () => state,
        (error: { code: string }) => error.code,
      ),
    );
    const results = await Promise.all(writes);
    const [winner] = results.filter((result) => typeof result === 'number');
    expect(results.filter((result) => result === 'conflict')).toHaveLength(1);
    expect((await events.generations.get('r2'))?.value.generation?.state).toBe(winner);
  });

  test('a write whose answer was lost is repeated, meets itself and is no conflict', async () => {
    const connection = await connect({ servers: nats.url });
    const kv = await new Kvm(connection).open('atelier_generations');
    let answers = 0;
    const forgetful = Object.create(kv, {
      update: {
        value: async (...args: Parameters<KV['update']>) => {
          const revision = await kv.update(...args);
          answers += 1;
          if (answers === 1) throw new TimeoutError();
          return revision;
        },
      },
    }) as KV;
    const deaf = new Records(async () => forgetful, GenerationRecordSchema, retrying);
    const { revision } = await deaf.create('r3', record('r3'));
    const written = await deaf.update('r3', record('r3', GenerationState.RUNNING), revision);
    expect(written.revision).toBe((await events.generations.get('r3'))?.revision);
    expect(answers).toBe(1);
    await connection.close();
  });

  test('an equal record of another writer is a conflict: one of two equal thoughts wins', async () => {
    const { revision } = await events.generations.create('r5', record('r5'));
    const writes = [1, 2].map(() =>
      events.generations.update('r5', record('r5', GenerationState.RUNNING), revision),
    );
    const results = await Promise.allSettled(writes);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a missing and a deleted record are null, and a deleted one can be created again', async () => {
    expect(await events.generations.get('none')).toBeNull();
    await events.generations.create('r4', record('r4'));
    await events.generations.delete('r4');
    expect(await events.generations.get('r4')).toBeNull();
    await events.generations.create('r4', record('r4'));
    expect(await events.generations.get('r4')).not.toBeNull();
  });
});

test('the index gives the keys of a prefix in order, page by page', async () => {
  for (const key of ['t.3', 't.1', 't.2', 'other.1', 't.2']) await events.generationIndex.add(key);
  expect(await events.generationIndex.page('t', '', 2)).toEqual(['t.1', 't.2']);
  expect(await events.generationIndex.page('t', 't.2', 2)).toEqual(['t.3']);
  expect(await events.generationIndex.page('nobody', '', 2)).toEqual([]);
});

describe('images', () => {
  test('come back byte for byte, above the payload limit of a message; a second attempt overwrites', async () => {
    const picture = new Uint8Array(3_000_000).map((_, index) => (index * 31) % 251);
    await events.images.put('g', 0, new Uint8Array([1, 2, 3]));
    const uri = await events.images.put('g', 0, picture);
    expect(uri).toBe('nats-obj://atelier_images/g/0.png');
    expect(Buffer.from((await events.images.get(uri)) ?? []).equals(Buffer.from(picture))).toBe(true);
  });

  test('a missing one is null, a foreign reference is refused', async () => {
    expect(await events.images.get('nats-obj://atelier_images/none/0.png')).toBeNull();
    await expect(events.images.get('file:///etc/passwd')).rejects.toThrow(TypeError);
  });
});
