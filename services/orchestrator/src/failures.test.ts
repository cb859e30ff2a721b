import { setTimeout as sleep } from 'node:timers/promises';
import { GenerationState } from '@atelier/contracts';
import { Code, unavailable } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import { describe, expect, test } from 'vitest';
import { finishedOf, PROMPT, startReplica, useReplicas, watchAll } from './orchestrator.fixture.ts';

const { SUCCEEDED, FAILED } = GenerationState;

const on = useReplicas();

describe('failures', () => {
  test('that pass are tried again, and the generation succeeds', async () => {
    let failures = 2;
    on.peers.behaviour.beforeStep = (step) => {
      if (step === 2 && failures-- > 0) throw unavailable('restarting');
    };
    const messages = await watchAll(on.a.client, await on.createdId());
    const last = messages.at(-1)?.event;
    expect(last?.case === 'finished' && last.value).toMatchObject({ state: SUCCEEDED, attempt: 3 });
    expect(messages.filter(({ event }) => event.case === 'finished')).toHaveLength(1);
  });

  test('that stay end as FAILED with what was met, after the last attempt', async () => {
    on.peers.behaviour.beforeStep = () => {
      throw unavailable('gone');
    };
    const c = await startReplica(on.nats.url, on.peers, { ATELIER_MAX_ATTEMPTS: '2' });
    await Promise.all([on.a.stop(), on.b.stop()]);
    const { generation } = await c.client.createGeneration({ prompt: PROMPT, size: 64 });
    const end = await finishedOf(c.client, generation?.id ?? '');
    expect(end).toMatchObject({ state: FAILED, attempt: 2 });
    expect(end.result.case === 'error' && end.result.value.message).toMatch(/after 2 attempts.*gone/);
    await c.stop();
  });

  test('of the program itself end the generation at once, without a word about the inside', async () => {
    on.peers.behaviour.beforeStep = () => {
      throw new Error('secret path /etc/models');
    };
    const generation = await finishedOf(on.a.client, await on.createdId());
    expect(generation).toMatchObject({ state: FAILED, attempt: 1 });
    expect(JSON.stringify(generation.result.value, (_, v) => String(v))).not.toContain('secret');
  });

  test('a full queue refuses at once and says when to come back', async () => {
    on.peers.behaviour.beforeStep = () => sleep(50);
    const c = await startReplica(on.nats.url, on.peers, { ATELIER_QUEUE_LIMIT: '1' });
    const id = await on.createdId({ steps: 20 });
    await expect(c.client.createGeneration({ prompt: PROMPT })).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'QUEUE_FULL',
      retryAfterMs: expect.any(Number),
    });
    await on.a.client.cancelGeneration({ id });
    await c.stop();
  });
});

test('a replica that drains finishes what it has, or hands it over within its grace', async () => {
  on.peers.behaviour.beforeStep = () => sleep(30);
  const impatient = await startReplica(on.nats.url, on.peers, { ATELIER_DRAIN_MS: '50' });
  await Promise.all([on.a.stop(), on.b.stop()]);
  const { generation } = await impatient.client.createGeneration({ prompt: PROMPT, size: 64, steps: 30 });
  const id = generation?.id ?? '';
  await eventually('progress', async () => {
    return (await impatient.client.getGeneration({ id })).generation?.progress;
  });
  const [heir] = await Promise.all([startReplica(on.nats.url, on.peers), impatient.stop()]);
  const end = await finishedOf(heir.client, id);
  expect(end).toMatchObject({ state: SUCCEEDED, attempt: 2 });
  await heir.stop();
});
