/** A mesh with everything on: mTLS, NATS users, API keys. It draws, and what people write and get is nowhere but in the answer. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeApiKey } from '@atelier/access';
import { createAtelier } from '@atelier/client';
import { GenerationState } from '@atelier/contracts';
import { makeNatsUser, NATS_SERVICES, natsConfiguration } from '@atelier/events';
import { type Exit, freePort, REPOSITORY, SERVICES, startChild } from '@atelier/local-mesh';
import { Code } from '@atelier/rpc';
import { eventually } from '@atelier/testkit';
import { Client, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type LoggedMesh, startAll } from '../mesh.ts';

vi.setConfig({ testTimeout: 180_000 });

const CANARIES = ['Zanzibar', 'Quetzalcoatl'];
const key = makeApiKey('canary-key', 'acme');
let folder: string;
let mesh: LoggedMesh;
const metrics = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-secured-'));
  await writeFile(join(folder, 'keys.json'), JSON.stringify({ keys: [key.row] }));
  const publicKeys: Record<string, string> = {};
  for (const service of NATS_SERVICES) {
    const user = makeNatsUser();
    publicKeys[service] = user.publicKey;
    await writeFile(join(folder, `${service}.seed`), user.seed);
  }
  const envFor: Record<string, NodeJS.ProcessEnv> = {};
  for (const { name, needsNats } of SERVICES) {
    metrics.set(name, `127.0.0.1:${await freePort()}`);
    envFor[name] = {
      ATELIER_METRICS_ADDRESS: metrics.get(name),
      ...(needsNats && {
        NATS_SEED_FILE: join(folder, `${name}.seed`),
        ATELIER_API_KEYS_FILE: join(folder, 'keys.json'),
      }),
    };
  }
  mesh = await startAll({ mtls: true, envFor, nats: { configuration: natsConfiguration(publicKeys) } });
}, 300_000);
afterAll(async () => {
  await mesh?.stop();
  await rm(folder, { recursive: true });
});

const client = (credential?: string) =>
  createAtelier({
    address: mesh.address('orchestrator'),
    autocompleteAddress: mesh.address('autocomplete'),
    ...(credential && { credential }),
  });

test('draws for a caller with a key, and nothing of it is in logs, spans or metrics', async () => {
  const atelier = client(key.key);
  const [prompt = '', negativePrompt = ''] = CANARIES.map((word) => `A boat near ${word}`);
  const generation = await atelier.generate({ prompt, negativePrompt, size: 64, steps: 4 });
  expect(generation).toMatchObject({ state: GenerationState.SUCCEEDED, tenant: 'acme' });
  await atelier.suggest(prompt);
  await expect(atelier.createGeneration({ prompt: `${prompt} \u0007` })).rejects.toThrow();
  await atelier.generate({ prompt: `Murder near ${CANARIES[0]}, blood and gore`, size: 64 });
  atelier.close();
  if (generation.result.case !== 'images') throw new Error('no images');
  const [image] = generation.result.value.images;
  if (image?.content.case !== 'inline') throw new Error('not inline');
  // Past the header, which all pictures share.
  const pixels = Buffer.from(image.content.value.data).subarray(-160, -64);

  const measured = await Promise.all(
    [...metrics.values()].map(async (address) => await (await fetch(`http://${address}/metrics`)).text()),
  );
  expect(measured.join('')).toContain('rpc_server_call_duration');
  const spans = await eventually('spans', async () => {
    const text = await readFile(mesh.traceFile, 'utf8');
    return text.includes(generation.traceId) ? text : null;
  });
  const written = `${mesh.log.join('\n')}\n${spans}\n${measured.join('\n')}`;
  expect(written).toContain(generation.id);
  const forms = [pixels.toString('base64').slice(4, 64), pixels.toString('hex'), [...pixels].join(',')];
  for (const secret of [...CANARIES, ...forms, key.key, key.key.slice(-20)]) {
    expect(written.toLowerCase()).not.toContain(secret.toLowerCase());
  }
});

test('draws for nobody without a key', async () => {
  const atelier = client();
  await expect(atelier.createGeneration({ prompt: 'A boat' })).rejects.toMatchObject({
    code: Code.UNAUTHENTICATED,
  });
  await expect(atelier.suggest('A bo')).rejects.toMatchObject({ code: Code.UNAUTHENTICATED });
  atelier.close();
});

test('is what the programs of the chart find their way in, each with what is mounted for it', async () => {
  const run = async (program: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<Exit> => {
    const entry = join(REPOSITORY, 'deploy/cluster/src', program);
    const child = startChild({
      command: process.execPath,
      args: [entry, ...args],
      env: { ...process.env, ...mesh.env, ...env },
    });
    return await child.exited;
  };
  const ended = { code: 0, signal: null };
  const seed = { NATS_SEED_FILE: join(folder, 'orchestrator.seed') };
  expect(await run('declare-topology.ts', seed)).toEqual(ended);
  await writeFile(join(folder, 'credential'), `${key.key}\n`);
  const credential = { ATELIER_CREDENTIAL_FILE: join(folder, 'credential') };
  expect(await run('verify-picture.ts', credential, '--size=64')).toEqual(ended);
  expect(await run('verify-picture.ts', {}, '--size=64')).toEqual({ code: 1, signal: null });
});

test('has no port that speaks plaintext', async () => {
  for (const service of mesh.services.values()) {
    const plain = new Client(service.address, credentials.createInsecure());
    const ready = new Promise<Error | undefined>((resolve) =>
      plain.waitForReady(Date.now() + 1_500, resolve),
    );
    expect(await ready, service.name).toBeInstanceOf(Error);
    plain.close();
  }
});
