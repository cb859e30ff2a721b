import { type Atelier, createAtelier, type WatchEvent } from '@atelier/client';
import { type Generation, GenerationState } from '@atelier/contracts';
import { connectEvents, eventsOfGeneration, generationEvents } from '@atelier/events';
import type { ServiceName } from '@atelier/local-mesh';
import { eventually } from '@atelier/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LoggedMesh, startAll } from './mesh.ts';

const { SUCCEEDED, FAILED } = GenerationState;

// Other programs may have the cores: a denoising step then takes a second.
vi.setConfig({ testTimeout: 180_000 });

let mesh: LoggedMesh;
let atelier: Atelier;

beforeAll(async () => {
  mesh = await startAll({ env: { ATELIER_ACK_WAIT_MS: '1000' } });
  atelier = createAtelier({ address: mesh.address('orchestrator') });
}, 180_000);
afterAll(async () => {
  atelier?.close();
  await mesh?.stop();
});

/** Long enough to be hit in the middle. */
const slow = { prompt: 'A boat on an ocean', size: 64, steps: 40, seed: 7 };

async function started(): Promise<string> {
  const { id } = await atelier.createGeneration(slow);
  const step = async () => (await atelier.getGeneration(id)).progress?.step ?? 0;
  await eventually('denoising', async () => (await step()) > 3, 60_000);
  return id;
}

async function revive(name: ServiceName): Promise<void> {
  const service = mesh.services.get(name);
  await service?.restart();
  await service?.ready();
}

function kill(name: ServiceName, signal: NodeJS.Signals = 'SIGKILL'): void {
  mesh.services.get(name)?.kill(signal);
}

/** The generation at its end, and how often that was told. */
async function endOf(id: string): Promise<{ generation: Generation; told: number }> {
  const events: WatchEvent[] = [];
  for await (const event of atelier.watch(id)) events.push(event);
  const natsUrl = mesh.nats?.url ?? '';
  const nats = await connectEvents({ servers: natsUrl, name: 'test', ackWaitMs: 1_000 });
  let told = 0;
  const kept = nats.readStream(generationEvents, eventsOfGeneration(id), { untilCaughtUp: true });
  for await (const { message } of kept) if (message.what.case === 'finished') told += 1;
  await nats.close();
  const last = events.at(-1);
  if (last?.case !== 'finished') throw new Error('the watch ended without finished');
  return { generation: last.value, told };
}

/** What a failed generation says, for the test's report. */
const errorOf = ({ result, attempt }: Generation): string =>
  result.case === 'error' ? `attempt ${attempt}: ${result.value.message}` : '';

describe('a generation in the middle of its steps ends, once,', () => {
  test('when the orchestrator that runs it is killed', async () => {
    const id = await started();
    kill('orchestrator');
    await revive('orchestrator');
    const { generation, told } = await endOf(id);
    expect(generation).toMatchObject({ state: SUCCEEDED });
    // The second delivery, or a later one when the mesh came back slowly.
    expect(generation?.attempt).toBeGreaterThanOrEqual(2);
    expect(told).toBe(1);
  });

  test('when the diffusion service is killed under it', async () => {
    const id = await started();
    kill('diffusion');
    await revive('diffusion');
    const { generation, told } = await endOf(id);
    expect(generation.state, errorOf(generation)).toBe(SUCCEEDED);
    expect(generation.attempt).toBeGreaterThan(1);
    expect(told).toBe(1);
  });

  test('when the NATS server is killed and comes back', async () => {
    const id = await started();
    mesh.nats?.kill();
    await mesh.nats?.restart();
    const { generation, told } = await endOf(id);
    expect(generation.state, errorOf(generation)).toBe(SUCCEEDED);
    expect(told).toBe(1);
  });
});

test('the picture is the same as without the kills', async () => {
  const calm = await atelier.generate(slow);
  const id = await started();
  kill('orchestrator');
  await revive('orchestrator');
  const { generation } = await endOf(id);
  const shas = [calm, generation].map(({ result }) =>
    result.case === 'images' ? result.value.images.map(({ sha256 }) => sha256) : result,
  );
  expect(shas[0]).toEqual(shas[1]);
});

test.each<ServiceName>(['prompt-safety', 'harm-detection'])(
  'without %s nothing is drawn for anyone: the generation fails closed',
  async (name) => {
    kill(name);
    const generation = await atelier.generate({ ...slow, steps: 2 });
    expect(generation.state).toBe(FAILED);
    if (generation.result.case !== 'error') throw new Error('no error');
    expect(generation.result.value.message).toContain('no safety verdict');
    await revive(name);
    expect((await atelier.generate({ ...slow, steps: 2 })).state).toBe(SUCCEEDED);
  },
);

/** Longer than a stopped service costs: its call's deadline, and what a loaded machine adds. */
const STOPPED_TIMEOUT_MS = 120_000;

test.each<ServiceName>(['prompt-safety', 'harm-detection'])(
  'while %s is stopped and answers nothing, no picture and no preview leaves',
  { timeout: 240_000 },
  async (name) => {
    // 12 steps: the orchestrator asks for previews on the way.
    const request = { ...slow, steps: 12, count: 2 };
    kill(name, 'SIGSTOP');
    try {
      const events: WatchEvent[] = [];
      const signal = AbortSignal.timeout(STOPPED_TIMEOUT_MS);
      const generation = await atelier.generate(request, { signal, onEvent: (event) => events.push(event) });
      expect(generation.state).toBe(FAILED);
      expect(generation.result.case).toBe('error');
      expect(events.filter((event) => event.case === 'preview')).toEqual([]);
    } finally {
      kill(name, 'SIGCONT');
    }
    await eventually(
      'a picture again',
      async () => (await atelier.generate({ ...slow, steps: 2 })).state === SUCCEEDED,
      60_000,
    );
  },
);
