import { setTimeout as sleep } from 'node:timers/promises';
import { GenerationState } from '@atelier/contracts';
import { Code } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import { describe, expect, test } from 'vitest';
import { finishedOf, useReplicas, watchAll } from './orchestrator.fixture.ts';

const { SUCCEEDED, CANCELLED } = GenerationState;

const on = useReplicas();

describe('watch', () => {
  test('begins with a snapshot, counts up, ends with one finished', async () => {
    const messages = await watchAll(on.b.client, await on.createdId({ steps: 6 }));
    expect(messages[0]?.event.case).toBe('snapshot');
    const sequences = messages.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((x, y) => Number(x - y)));
    expect(messages.filter(({ event }) => event.case === 'finished')).toHaveLength(1);
    expect(messages.at(-1)?.event.case).toBe('finished');
  });

  test('loses nothing between its snapshot and the events behind it, whenever it begins', async () => {
    on.peers.behaviour.beforeStep = () => sleep(5);
    const id = await on.createdId({ steps: 6 });
    // Watches that begin all along the way.
    const watches = Array.from({ length: 25 }, async (_, index) => {
      await sleep(index * 6);
      return await watchAll([on.a, on.b][index % 2]?.client ?? on.a.client, id);
    });
    const seen = await Promise.all(watches);
    const all = (await watchAll(on.a.client, id, 1n)).slice(1);
    for (const messages of seen) {
      const [first, ...behind] = messages;
      if (first?.event.case !== 'snapshot') throw new Error('no snapshot');
      const snapshot = first.event.value;
      expect(behind.map(({ sequence }) => sequence)).toEqual(
        all.map(({ sequence }) => sequence).filter((sequence) => sequence > first.sequence),
      );
      // What the snapshot's number covers is in the snapshot.
      const before = all.filter(({ sequence }) => sequence <= first.sequence).map(({ event }) => event);
      const ended = before.filter((event) => event.case === 'stageFinished').length;
      const known = snapshot.stages.filter(({ durationMs }) => durationMs !== undefined).length;
      expect(known).toBeGreaterThanOrEqual(ended);
      const steps = before.filter((event) => event.case === 'progress').map((event) => event.value.step);
      if (!snapshot.endTime) expect(snapshot.progress?.step ?? 0).toBe(steps.at(-1) ?? 0);
    }
  });

  test('resumes at any point with exactly the rest', async () => {
    const id = await on.createdId({ steps: 6 });
    // From the first event on, however fast the worker was.
    const all = (await watchAll(on.a.client, id, 1n)).slice(1);
    expect(all.length).toBeGreaterThan(15);
    for (const cut of [0, 5, all.length - 2]) {
      const rest = await watchAll(on.b.client, id, all[cut]?.sequence);
      expect(rest[0]?.event.case).toBe('snapshot');
      expect(rest.slice(1).map(({ sequence }) => sequence)).toEqual(
        all.slice(cut + 1).map(({ sequence }) => sequence),
      );
    }
  });

  test('of a finished generation answers at once, wherever it is resumed', async () => {
    const id = await on.createdId();
    await finishedOf(on.a.client, id);
    for (const after of [0n, 999_999_999n]) {
      const messages = await watchAll(on.b.client, id, after);
      expect(messages.map(({ event }) => event.case)).toEqual(['snapshot', 'finished']);
    }
  });

  test('without previews leaves them out', async () => {
    const id = await on.createdId({ steps: 20 });
    for await (const { event } of on.a.client.watchGeneration({ id, previews: false })) {
      expect(event.case).not.toBe('preview');
    }
  });

  test('of what does not exist is NOT_FOUND', async () => {
    await expect(watchAll(on.a.client, 'nothing')).rejects.toMatchObject({ code: Code.NOT_FOUND });
  });
});

describe('cancel', () => {
  test('stops the sampler between two steps, from any replica, and is idempotent', async () => {
    let ended: [number, boolean] | undefined;
    on.peers.behaviour.onDrawingEnd = (steps, finished) => {
      ended = [steps, finished];
    };
    on.peers.behaviour.beforeStep = () => sleep(10);
    const id = await on.createdId({ steps: 500 });
    for (const { client } of [on.a, on.b]) {
      await eventually('progress', async () => {
        const { generation } = await client.getGeneration({ id });
        return (generation?.progress?.step ?? 0) > 2;
      });
    }
    const watching = finishedOf(on.a.client, id);
    const { generation } = await on.b.client.cancelGeneration({ id });
    expect(generation?.state).toBe(CANCELLED);
    const drawing = await eventually('the sampler to stop', () => ended, 1_000);
    expect(drawing[0]).toBeLessThan(100);
    expect(drawing[1]).toBe(false);
    expect((await watching).state).toBe(CANCELLED);
    const again = await on.a.client.cancelGeneration({ id });
    expect(again.generation?.state).toBe(CANCELLED);
  });

  test('of a finished generation leaves it as it is', async () => {
    const id = await on.createdId();
    await finishedOf(on.a.client, id);
    const { generation } = await on.a.client.cancelGeneration({ id });
    expect(generation?.state).toBe(SUCCEEDED);
  });

  test('of a waiting generation means that no worker runs it', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    on.peers.behaviour.beforeStep = () => gate;
    // Two replicas with two slots each.
    const busy = await Promise.all([1, 2, 3, 4].map(() => on.createdId()));
    const waiting = await on.createdId();
    await on.a.client.cancelGeneration({ id: waiting });
    release();
    for (const id of busy) expect((await finishedOf(on.a.client, id)).state).toBe(SUCCEEDED);
    expect(await finishedOf(on.b.client, waiting)).toMatchObject({ state: CANCELLED, attempt: 0 });
    expect(on.peers.behaviour.drawn).toBe(4);
  });
});

describe('list', () => {
  test('pages newest first, each once', async () => {
    const tenant = 'pages';
    const ids = [];
    for (const _ of [1, 2, 3]) {
      ids.unshift(await on.createdId({ tenant, enhance: false }));
      await sleep(2);
    }
    const first = await on.b.client.listGenerations({ tenant, pageSize: 2 });
    const second = await on.a.client.listGenerations({ tenant, pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.generations, ...second.generations].map(({ id }) => id)).toEqual(ids);
    expect(second.nextPageToken).toBe('');
  });
});
