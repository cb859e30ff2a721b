import { GenerationState } from '@atelier/contracts';
import { Code } from '@atelier/rpc';
import { eventually, startNats } from '@atelier/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finishedOf, type Replica, startReplica } from './orchestrator.fixture.ts';
import { type Peers, startPeers } from './peers.fixture.ts';

let nats: Awaited<ReturnType<typeof startNats>>;
let peers: Peers;
let replica: Replica;

beforeEach(async () => {
  nats = await startNats();
  peers = await startPeers();
  replica = await startReplica(nats.url, peers);
});
afterEach(async () => {
  await replica.stop();
  await peers.close();
  await nats.stop();
});

const request = { prompt: 'A boat on an ocean', size: 64 };

test('while NATS is away new work is refused, saying when to come back; then all is well', async () => {
  nats.kill();
  const refused = await eventually('the loss to be noticed', () =>
    replica.client.createGeneration(request).then(
      () => null,
      (error: { code: Code }) => (error.code === Code.UNAVAILABLE ? error : null),
    ),
  );
  expect(refused).toMatchObject({ reason: 'EVENTS_UNAVAILABLE', retryAfterMs: expect.any(Number) });
  await nats.restart();
  const created = await eventually('the reconnect', () =>
    replica.client.createGeneration(request).catch(() => null),
  );
  expect((await finishedOf(replica.client, created.generation?.id ?? '')).state).toBe(
    GenerationState.SUCCEEDED,
  );
});

test('a worker that runs when NATS goes away waits for it and finishes, once', async () => {
  let pass = () => {};
  const gate = new Promise<void>((resolve) => {
    pass = resolve;
  });
  let drawing = false;
  peers.behaviour.beforeStep = () => {
    drawing = true;
    return gate;
  };
  const { generation } = await replica.client.createGeneration(request);
  await eventually('the drawing to begin', () => drawing);
  nats.kill();
  pass();
  await nats.restart();
  const end = await finishedOf(replica.client, generation?.id ?? '');
  expect(end.state).toBe(GenerationState.SUCCEEDED);
});
