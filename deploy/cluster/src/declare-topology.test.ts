import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEvents, makeNatsUser, natsConfiguration } from '@atelier/events';
import { type NatsServer, startChild, startNats } from '@atelier/local-mesh';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PROGRAM = join(import.meta.dirname, 'declare-topology.ts');
const users = { orchestrator: makeNatsUser(), web: makeNatsUser() };
let folder: string;
let nats: NatsServer;

const seedFile = (user: string): string => join(folder, `${user}.seed`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-topology-'));
  for (const [name, { seed }] of Object.entries(users)) await writeFile(seedFile(name), seed);
  const publicKeys = Object.fromEntries(
    Object.entries(users).map(([name, { publicKey }]) => [name, publicKey]),
  );
  nats = await startNats({ url: '', configuration: natsConfiguration(publicKeys) });
});
afterAll(async () => {
  await nats?.stop();
  await rm(folder, { recursive: true });
});

test('declares with the orchestrator’s seed where NATS knows users, so that others find their consumers', async () => {
  const env = { ...process.env, NATS_URL: nats.url, NATS_SEED_FILE: seedFile('orchestrator') };
  const child = startChild({ command: process.execPath, args: [PROGRAM], env });
  expect(await child.exited, child.lastLines().join('\n')).toEqual({ code: 0, signal: null });
  expect(child.lastLines().at(-1)).toContain('topology declared');
  const events = await connectEvents({
    servers: nats.url,
    name: 'orchestrator',
    seedFile: seedFile('orchestrator'),
  });
  expect(await events.jobs()).toEqual({ queued: 0, running: 0 });
  await events.close();
}, 60_000);
