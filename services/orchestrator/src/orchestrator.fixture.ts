/** An orchestrator in the test's own process: real NATS, real gRPC, small peers. */
import { GenerationService, type WatchGenerationResponse } from '@atelier/contracts';
import { createLog } from '@atelier/process';
import { type Client, createClient, createServer } from '@atelier/rpc';
import { startNats } from '@atelier/testkit';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { config } from './config.ts';
import { startOrchestrator } from './orchestrator.ts';
import { type Peers, startPeers } from './peers.fixture.ts';

export type GenerationClient = Client<typeof GenerationService>;

export interface Replica {
  /** Where it serves. */
  address: string;
  client: GenerationClient;
  /** Drain as on SIGTERM. */
  stop(): Promise<void>;
}

/** Start a replica; `env` overrides its settings. */
export async function startReplica(
  natsUrl: string,
  peers: Peers,
  env: NodeJS.ProcessEnv = {},
): Promise<Replica> {
  const names = [
    'PROMPT_SAFETY',
    'PROMPT_ENHANCEMENT',
    'TEXT_ENCODER',
    'DIFFUSION',
    'HARM_DETECTION',
    'SUPER_RESOLUTION',
  ];
  const settings = config.load({
    NATS_URL: natsUrl,
    ATELIER_ACK_WAIT_MS: '600',
    ...Object.fromEntries(names.map((name) => [`ATELIER_${name}_ADDRESS`, peers.address])),
    ...env,
  });
  const shutdown = new AbortController();
  const orchestrator = await startOrchestrator(
    settings,
    createLog('orchestrator', 'silent'),
    shutdown.signal,
  );
  const server = createServer({ bindings: orchestrator.bindings, guard: orchestrator.guard });
  const port = await server.listen('127.0.0.1:0');
  server.setServing(true);
  orchestrator.work();
  const address = `127.0.0.1:${port}`;
  const client = createClient(GenerationService, { address });
  return {
    address,
    client,
    async stop() {
      shutdown.abort();
      await server.drain(2_000);
      await orchestrator.close();
      client.close();
    },
  };
}

/** All messages of a watch. */
export async function watchAll(
  client: GenerationClient,
  id: string,
  afterSequence = 0n,
): Promise<WatchGenerationResponse[]> {
  const messages: WatchGenerationResponse[] = [];
  for await (const message of client.watchGeneration({ id, afterSequence })) messages.push(message);
  return messages;
}

/** The generation at the end of a watch. */
export async function finishedOf(client: GenerationClient, id: string) {
  const last = (await watchAll(client, id)).at(-1);
  if (last?.event.case !== 'finished') throw new Error('the watch ended without finished');
  return last.event.value;
}

export const PROMPT = 'A boat on an ocean';

/** What `useReplicas` keeps up for each test. */
export interface TwoReplicas {
  nats: Awaited<ReturnType<typeof startNats>>;
  /** Fresh for each test. */
  peers: Peers;
  /** Two replicas over the same NATS and peers, fresh for each test. */
  a: Replica;
  b: Replica;
  /** Create a small generation at `a`, with `fields` on top; its id. */
  createdId(fields?: object): Promise<string>;
}

/** Start NATS once and two replicas for each test of the file; read the result inside tests only. */
export function useReplicas(): TwoReplicas {
  const on = {
    async createdId(fields: object = {}) {
      const request = { prompt: PROMPT, size: 64, ...fields };
      return (await on.a.client.createGeneration(request)).generation?.id ?? '';
    },
  } as TwoReplicas;
  beforeAll(async () => {
    on.nats = await startNats();
  });
  afterAll(async () => {
    await on.nats?.stop();
  });
  beforeEach(async () => {
    on.peers = await startPeers();
    [on.a, on.b] = await Promise.all([
      startReplica(on.nats.url, on.peers),
      startReplica(on.nats.url, on.peers),
    ]);
  });
  afterEach(async () => {
    await Promise.all([on.a.stop(), on.b.stop()]);
    await on.peers.close();
  });
  return on;
}
