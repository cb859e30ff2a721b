/** Two tenants at an orchestrator with authentication: neither finds, in any RPC, what belongs to the other. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeApiKey } from '@atelier/access';
import { GenerationState } from '@atelier/contracts';
import { type CallOptions, Code, healthChecker } from '@atelier/rpc';
import { listServices } from '@atelier/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROMPT, type Replica, startReplica, useReplicas } from './orchestrator.fixture.ts';

const on = useReplicas();
const keys = { acme: makeApiKey('a', 'acme'), other: makeApiKey('o', 'other'), few: makeApiKey('f', 'few') };
const as = (name: keyof typeof keys): CallOptions => ({
  metadata: { authorization: `Bearer ${keys[name].key}` },
});
const NOT_FOUND = { code: Code.NOT_FOUND, reason: 'GENERATION_NOT_FOUND' };

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-tenancy-'));
  env = {
    ATELIER_API_KEYS_FILE: join(folder, 'keys.json'),
    ATELIER_TENANT_LIMITS_FILE: join(folder, 'limits.json'),
  };
  const rows = Object.values(keys).map(({ row }) => row);
  await writeFile(join(folder, 'keys.json'), JSON.stringify({ keys: rows }));
  const limits = {
    default: { requestsPerMinute: 60_000, burst: 1_000, imagesPerDay: 1_000 },
    tenants: { few: { imagesPerDay: 3 } },
  };
  await writeFile(join(folder, 'limits.json'), JSON.stringify(limits));
});
afterAll(async () => await rm(folder, { recursive: true }));

/** Run `work` against a replica that asks for credentials. */
async function guarded(work: (replica: Replica) => Promise<void>, extra: NodeJS.ProcessEnv = {}) {
  const replica = await startReplica(on.nats.url, on.peers, { ...env, ...extra });
  try {
    await work(replica);
  } finally {
    await replica.stop();
  }
}

describe('every RPC', () => {
  test('wants a credential; health and reflection do not', async () => {
    await guarded(async ({ client, address }) => {
      const refused = { code: Code.UNAUTHENTICATED };
      await expect(client.createGeneration({ prompt: PROMPT })).rejects.toMatchObject(refused);
      await expect(client.getGeneration({ id: 'a' })).rejects.toMatchObject(refused);
      await expect(client.listGenerations({})).rejects.toMatchObject(refused);
      await expect(client.cancelGeneration({ id: 'a' })).rejects.toMatchObject(refused);
      const watch = client.watchGeneration({ id: 'a' })[Symbol.asyncIterator]();
      await expect(watch.next()).rejects.toMatchObject(refused);
      const health = healthChecker(address);
      expect(await health.check()).toBe('SERVING');
      health.close();
      expect(await listServices(address)).toContain('GenerationService');
    });
  });

  test('keeps a generation to its tenant', async () => {
    await guarded(async ({ client }) => {
      on.peers.behaviour.beforeStep = () => new Promise((resolve) => setTimeout(resolve, 30));
      const request = { prompt: PROMPT, size: 64, steps: 50, requestId: 'mine' };
      const { generation } = await client.createGeneration(request, as('acme'));
      expect(generation?.tenant).toBe('acme');
      const id = generation?.id ?? '';

      await expect(client.getGeneration({ id }, as('other'))).rejects.toMatchObject(NOT_FOUND);
      await expect(client.cancelGeneration({ id }, as('other'))).rejects.toMatchObject(NOT_FOUND);
      const watch = client.watchGeneration({ id }, as('other'))[Symbol.asyncIterator]();
      await expect(watch.next()).rejects.toMatchObject(NOT_FOUND);
      expect((await client.listGenerations({}, as('other'))).generations).toEqual([]);
      // The same request id is another tenant's own.
      const twin = await client.createGeneration(request, as('other'));
      expect(twin.generation?.id).not.toBe(id);
      expect(twin.generation?.tenant).toBe('other');

      const mine = await client.getGeneration({ id }, as('acme'));
      expect(mine.generation?.state).not.toBe(GenerationState.CANCELLED);
      const listed = await client.listGenerations({}, as('acme'));
      expect(listed.generations.map((one) => one.id)).toEqual([id]);
      const stopped = await client.cancelGeneration({ id }, as('acme'));
      expect(stopped.generation?.state).toBe(GenerationState.CANCELLED);
      await client.cancelGeneration({ id: twin.generation?.id ?? '' }, as('other'));
    });
  });

  test('refuses a request that names another tenant, and pages of another’s list', async () => {
    await guarded(async ({ client }) => {
      const mismatch = { code: Code.PERMISSION_DENIED, reason: 'TENANT_MISMATCH' };
      const foreign = { tenant: 'acme' };
      const create = client.createGeneration({ prompt: PROMPT, ...foreign }, as('other'));
      await expect(create).rejects.toMatchObject(mismatch);
      await expect(client.listGenerations(foreign, as('other'))).rejects.toMatchObject(mismatch);
      const pageToken = Buffer.from('acme.99999999999999.a').toString('base64url');
      await expect(client.listGenerations({ pageToken }, as('other'))).rejects.toMatchObject({
        code: Code.INVALID_ARGUMENT,
      });
    });
  });
});

test('a day’s pictures are counted once each, over replicas, and end with RetryInfo', async () => {
  await guarded(async ({ client: a }) => {
    await guarded(async ({ client: b }) => {
      const request = { prompt: PROMPT, size: 64, count: 2, requestId: 'twice' };
      await a.createGeneration(request, as('few'));
      await b.createGeneration(request, as('few'));
      await b.createGeneration({ prompt: PROMPT, size: 64 }, as('few'));
      await expect(a.createGeneration({ prompt: PROMPT, size: 64 }, as('few'))).rejects.toMatchObject({
        code: Code.RESOURCE_EXHAUSTED,
        reason: 'QUOTA_EXCEEDED',
        retryAfterMs: expect.any(Number),
      });
      // Others' quotas are their own.
      await a.createGeneration({ prompt: PROMPT, size: 64 }, as('acme'));
    });
  });
});
