/** Bugs planted into a running orchestrator: what its clients then see and its store then holds is noticed, each by its rule. */
import { create, type Generation, GenerationEventSchema, GenerationState } from '@atelier/contracts';
import { generationEvents } from '@atelier/events';
import { startNats } from '@atelier/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { Attempt } from '../../services/orchestrator/src/attempt.ts';
import * as identity from '../../services/orchestrator/src/identity.ts';
import { startReplica } from '../../services/orchestrator/src/orchestrator.fixture.ts';
import { type Peers, startPeers } from '../../services/orchestrator/src/peers.fixture.ts';
import { GenerationStore } from '../../services/orchestrator/src/store.ts';
import { readAudit } from './audit.ts';
import { checkHistory } from './check-history.ts';
import { runLoad } from './load.ts';

vi.mock('../../services/orchestrator/src/identity.ts', async (load) => {
  const real = await load<typeof identity>();
  return { ...real, generationId: vi.fn(real.generationId) };
});

let nats: Awaited<ReturnType<typeof startNats>>;
let peers: Peers;

beforeAll(() => {
  vi.setConfig({ testTimeout: 60_000 });
});
beforeEach(async () => {
  nats = await startNats();
  peers = await startPeers();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await peers?.close();
  await nats?.stop();
});
afterAll(() => vi.resetConfig());

/** The rules that a load of a dozen generations breaks. */
async function brokenRules(patienceMs = 20_000): Promise<string[]> {
  const replica = await startReplica(nats.url, peers);
  try {
    const load = await runLoad({ target: replica.address, generations: 12, concurrency: 4, patienceMs });
    const violations = checkHistory(load.history.observations, await readAudit(nats.url));
    return [...new Set(violations.map(({ rule }) => rule))].sort();
  } finally {
    await replica.stop();
  }
}

test('without a bug nothing is found', async () => {
  expect(await brokenRules()).toEqual([]);
});

test('an end that is told to nobody and written nowhere: lost', async () => {
  vi.spyOn(Attempt.prototype, 'finish').mockImplementation(async function (this: Attempt) {
    return this.generation;
  });
  expect(await brokenRules(2_000)).toContain('lost');
});

/** Plants what happens after each end was told. */
function afterEachEnd(then: (store: GenerationStore, generation: Generation) => Promise<void>): void {
  const { publishFinished } = GenerationStore.prototype;
  vi.spyOn(GenerationStore.prototype, 'publishFinished').mockImplementation(async function (
    this: GenerationStore,
    generation,
  ) {
    await publishFinished.call(this, generation);
    await then(this, generation);
  });
}

async function writeOver(store: GenerationStore, id: string, state: GenerationState): Promise<void> {
  const stored = await store.get(id);
  if (!stored) return;
  await store.update(stored, (written) => {
    written.state = state;
    written.result = { case: undefined };
  });
}

test('an end that is told by whoever knows of it: told twice', async () => {
  vi.spyOn(generationEvents, 'messageId').mockImplementation(() => crypto.randomUUID());
  afterEachEnd(async (store, generation) => {
    const what = { case: 'finished' as const, value: generation };
    const event = create(GenerationEventSchema, {
      generationId: generation.id,
      sequence: generation.sequence,
      what,
    });
    await store.events.publish(generationEvents, event);
  });
  expect(await brokenRules()).toContain('told-twice');
});

test('a request that is forgotten once it was answered: duplicated', async () => {
  let made = 0;
  vi.mocked(identity.generationId).mockImplementation(() => `made-up-${made++}`);
  expect(await brokenRules()).toContain('duplicated');
});

test('a final record that is written over: two endings', async () => {
  afterEachEnd((store, { id }) => writeOver(store, id, GenerationState.CANCELLED));
  expect(await brokenRules()).toContain('two-endings');
});

test('a worker that goes on after the end: went back, or lost', async () => {
  afterEachEnd((store, { id }) => writeOver(store, id, GenerationState.RUNNING));
  expect(await brokenRules(3_000)).toContain('lost');
});

test('success without a picture', async () => {
  const { finish } = Attempt.prototype;
  vi.spyOn(Attempt.prototype, 'finish').mockImplementation(async function (this: Attempt, state) {
    return await finish.call(this, state, () => {});
  });
  expect(await brokenRules()).toContain('success-without-pictures');
});

test('a picture that depends on who draws it: another picture', async () => {
  let drawn = 0;
  const { finish } = Attempt.prototype;
  vi.spyOn(Attempt.prototype, 'finish').mockImplementation(async function (this: Attempt, state, ending) {
    return await finish.call(this, state, (generation) => {
      ending(generation);
      if (generation.result.case === 'images')
        for (const image of generation.result.value.images) image.sha256 = `${drawn++}`;
    });
  });
  expect(await brokenRules()).toContain('another-picture');
});
