import {
  CreateGenerationRequestSchema,
  create,
  GenerationRecordSchema,
  GenerationState,
  timestampFromMs,
} from '@atelier/contracts';
import { connectEvents, type Events, eventsOfGeneration, generationEvents } from '@atelier/events';
import { startNats } from '@atelier/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Attempt } from './attempt.ts';
import { cancelGeneration } from './cancel.ts';
import { indexKey } from './identity.ts';
import { recover } from './recovery.ts';
import { GenerationStore, generationOf } from './store.ts';
import { seesAll } from './tenancy.ts';

const { ACCEPTED, QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED } = GenerationState;

let nats: Awaited<ReturnType<typeof startNats>>;
let events: Events;
let store: GenerationStore;
let made = 0;

beforeAll(async () => {
  nats = await startNats();
  events = await connectEvents({ servers: nats.url, name: 'test' });
  store = new GenerationStore(events);
});
afterAll(async () => {
  await events?.close();
  await nats?.stop();
});

async function recorded(state: GenerationState, createMs = Date.now()): Promise<string> {
  made += 1;
  const id = `generation-${made}`;
  const request = create(CreateGenerationRequestSchema, { prompt: 'A boat' });
  const generation = { id, state, tenant: 'default', createTime: timestampFromMs(createMs) };
  await store.create(create(GenerationRecordSchema, { request, generation }));
  await events.generationIndex.add(indexKey('default', createMs, id));
  return id;
}

async function claim(id: string): Promise<Attempt> {
  const stored = await store.get(id);
  const attempt = stored && (await Attempt.claim(store, stored, []));
  if (!attempt) throw new Error('not claimed');
  return attempt;
}

const stateOf = async (id: string) => generationOf((await store.get(id))?.value ?? ({} as never)).state;

async function toldOf(id: string): Promise<{ finished: GenerationState[]; sequences: bigint[] }> {
  const finished: GenerationState[] = [];
  const sequences: bigint[] = [];
  await events.flush();
  for await (const { message } of events.readStream(generationEvents, eventsOfGeneration(id), {
    untilCaughtUp: true,
  })) {
    if (message.what.case === 'finished') finished.push(message.what.value.state);
    if (message.what.case !== 'cancelRequested') sequences.push(message.sequence);
  }
  return { finished, sequences };
}

const nothing = () => {};

describe('of two that believe to own a generation', () => {
  test('the later worker goes on; the earlier stops at its next write and can not finish', async () => {
    const id = await recorded(QUEUED);
    const ghost = await claim(id);
    const heir = await claim(id);
    ghost.progress(0, 1, 4);
    await expect(ghost.finish(FAILED, nothing)).rejects.toMatchObject({ kind: 'superseded' });
    expect(ghost.signal.aborted).toBe(true);
    await expect(ghost.stage('diffusion', async () => 1)).rejects.toMatchObject({ kind: 'superseded' });
    await heir.finish(SUCCEEDED, nothing);
    expect(await stateOf(id)).toBe(SUCCEEDED);
    expect((await toldOf(id)).finished).toEqual([SUCCEEDED]);
  });

  test('one claim of the same record succeeds', async () => {
    const id = await recorded(QUEUED);
    const stored = await store.get(id);
    if (!stored) throw new Error('not recorded');
    const claims = await Promise.all([Attempt.claim(store, stored, []), Attempt.claim(store, stored, [])]);
    expect(claims.filter((attempt) => attempt !== null)).toHaveLength(1);
  });

  test('a cancel wins over a result that comes later, and loses to one that came before', async () => {
    const cancelled = await recorded(QUEUED);
    const worker = await claim(cancelled);
    await cancelGeneration(store, cancelled, seesAll);
    await expect(worker.finish(SUCCEEDED, nothing)).rejects.toMatchObject({ kind: 'superseded' });
    expect((await toldOf(cancelled)).finished).toEqual([CANCELLED]);

    const finished = await recorded(QUEUED);
    await (await claim(finished)).finish(SUCCEEDED, nothing);
    expect((await cancelGeneration(store, finished, seesAll))?.state).toBe(SUCCEEDED);
    expect((await toldOf(finished)).finished).toEqual([SUCCEEDED]);
  });

  test('many cancels and a result at the same time make one end', async () => {
    const id = await recorded(QUEUED);
    const worker = await claim(id);
    await Promise.allSettled([
      worker.finish(SUCCEEDED, nothing),
      ...[1, 2, 3].map(() => cancelGeneration(store, id, seesAll)),
    ]);
    expect((await toldOf(id)).finished).toEqual([await stateOf(id)]);
  });
});

test('event numbers grow over attempts, the ghost’s stay below', async () => {
  const id = await recorded(QUEUED);
  const ghost = await claim(id);
  const heir = await claim(id);
  heir.progress(0, 1, 4);
  ghost.progress(0, 1, 4);
  await heir.finish(SUCCEEDED, nothing);
  const { sequences } = await toldOf(id);
  const last = sequences.at(-1) ?? 0n;
  const ghostly = sequences.filter((sequence, index) => sequences.slice(0, index).some((s) => s > sequence));
  expect(sequences.every((sequence) => sequence <= last)).toBe(true);
  expect(ghostly).toHaveLength(1);
  expect(ghostly[0]).toBeLessThan(200_000n);
});

test('an end that was written but not told is told by whoever meets it, once', async () => {
  const id = await recorded(RUNNING);
  const stored = await store.get(id);
  if (!stored) throw new Error('not recorded');
  const dead = await store.update(stored, (generation) => {
    generation.state = FAILED;
    generation.sequence = 100_000n;
  });
  expect((await toldOf(id)).finished).toEqual([]);
  const generation = generationOf(dead?.value ?? ({} as never));
  await Promise.all([store.publishFinished(generation), store.publishFinished(generation)]);
  await store.publishFinished(generation);
  expect((await toldOf(id)).finished).toEqual([FAILED]);
});

test('what was recorded but not queued is queued by the next replica that starts', async () => {
  const minute = 60_000;
  const left = await recorded(ACCEPTED, Date.now() - minute);
  const young = await recorded(ACCEPTED);
  const ancient = await recorded(ACCEPTED, Date.now() - 120 * minute);
  const before = await events.backlog();
  expect(await recover(store)).toBe(1);
  expect(await Promise.all([left, young, ancient].map(stateOf))).toEqual([QUEUED, ACCEPTED, ACCEPTED]);
  expect(await events.backlog()).toBe(before + 1);
});
