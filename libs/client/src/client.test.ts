import { once } from 'node:events';
import { create, GenerationSchema, GenerationService, GenerationState } from '@atelier/contracts';
import { freePort } from '@atelier/local-mesh';
import { bind, Code, createServer, RpcError, type ServiceImpl, unavailable } from '@atelier/rpc';
import { afterEach, describe, expect, it } from 'vitest';
import { type Atelier, createAtelier } from './client.ts';
import type { WatchEvent } from './watch.ts';

/** A generation of three steps, served by a real gRPC server whose watch breaks as a test wants it. */
function scripted(watch: ServiceImpl<typeof GenerationService>['watchGeneration'], cancelled: string[] = []) {
  const generation = create(GenerationSchema, { id: 'g1', state: GenerationState.RUNNING });
  const done = create(GenerationSchema, { id: 'g1', state: GenerationState.SUCCEEDED, sequence: 5n });
  const service: ServiceImpl<typeof GenerationService> = {
    createGeneration: async () => ({ generation }),
    getGeneration: async () => ({ generation: done }),
    listGenerations: async () => ({ generations: [done] }),
    cancelGeneration: async ({ id }) => {
      cancelled.push(id);
      return { generation: done };
    },
    watchGeneration: watch,
  };
  return { service, generation, done };
}

const step = (n: number) => ({
  sequence: BigInt(n),
  event: { case: 'progress' as const, value: { step: n, steps: 3, imageIndex: 0 } },
});

let open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open) await close();
  open = [];
});

async function connect(service: ServiceImpl<typeof GenerationService>): Promise<Atelier> {
  const server = createServer({ bindings: [bind(GenerationService, service)] });
  const address = `127.0.0.1:${await freePort()}`;
  await server.listen(address);
  const atelier = createAtelier({ address });
  open.push(async () => {
    atelier.close();
    await server.drain(1000);
  });
  return atelier;
}

describe('watch', () => {
  it('resumes where a replica went away, without repeating an event', async () => {
    const resumedAfter: bigint[] = [];
    const { service, generation, done } = scripted(async function* ({ afterSequence }) {
      resumedAfter.push(afterSequence);
      yield { sequence: afterSequence, event: { case: 'snapshot', value: generation } };
      if (afterSequence === 0n) {
        yield step(1);
        yield step(2);
        throw unavailable('draining', { retryAfterMs: 0 });
      }
      yield step(3);
      yield { sequence: 5n, event: { case: 'finished', value: done } };
    });
    const atelier = await connect(service);
    const events: WatchEvent[] = [];
    for await (const event of atelier.watch('g1')) events.push(event);
    expect(resumedAfter).toEqual([0n, 2n]);
    expect(events.at(-1)).toMatchObject({ sequence: 5n });
    expect(events.filter(({ case: name }) => name !== 'snapshot').map(({ case: name }) => name)).toEqual([
      'progress',
      'progress',
      'progress',
      'finished',
    ]);
  });

  it('gives other errors to the caller', async () => {
    const { service } = scripted(async function* () {
      yield step(1);
      throw new RpcError(Code.NOT_FOUND, 'gone');
    });
    const atelier = await connect(service);
    const watching = async () => {
      for await (const _ of atelier.watch('g1'));
    };
    await expect(watching()).rejects.toMatchObject({ code: Code.NOT_FOUND });
  });
});

describe('generate', () => {
  it('cancels the generation when the caller gives up', async () => {
    const cancelled: string[] = [];
    const { service } = scripted(async function* (_, { signal }) {
      yield step(1);
      await once(signal, 'abort');
    }, cancelled);
    const atelier = await connect(service);
    const giveUp = new AbortController();
    const generating = atelier.generate(
      { prompt: 'a boat' },
      { signal: giveUp.signal, onEvent: () => giveUp.abort() },
    );
    await expect(generating).rejects.toMatchObject({ code: Code.CANCELLED });
    expect(cancelled).toEqual(['g1']);
  });
});
