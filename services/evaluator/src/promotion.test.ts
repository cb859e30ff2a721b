import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEvents, modelEvents } from '@atelier/events';
import { type NatsServer, startNats } from '@atelier/local-mesh';
import { openBundle } from '@atelier/models';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conclude } from './promotion.ts';
import type { Verdict } from './verdict.ts';

let nats: NatsServer;
let root: string;
beforeAll(async () => {
  nats = await startNats({});
  root = await mkdtemp(join(tmpdir(), 'atelier-promotion-'));
});
afterAll(async () => {
  await nats?.stop();
  await rm(root, { recursive: true });
});

async function candidate(version: string) {
  const folder = join(root, version);
  await cp(tinyBundlePath, folder, { recursive: true });
  const path = join(folder, 'atelier.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...manifest, version }));
  return await openBundle(folder);
}

test('a promoted candidate serves, a refused one leaves production, and both are told once', async () => {
  const registry = join(root, 'registry');
  const good: Verdict = { decision: 'promote', reasons: [], better: ['clipScore'] };
  const bad: Verdict = { decision: 'refuse', reasons: ['clipScore 0.2, production 0.9'], better: [] };
  const settle = async (version: string, verdict: Verdict) =>
    await conclude({ candidate: await candidate(version), verdict, registry, natsUrl: nats.url });
  await settle('1.0.0', good);
  await settle('2.0.0', good);
  await settle('3.0.0', bad);
  expect((await openBundle(join(registry, 'tiny'))).version).toBe('2.0.0');

  const events = await connectEvents({ servers: nats.url, name: 'test' });
  const told: unknown[] = [];
  for await (const { message } of events.readStream(modelEvents, 'atelier.events.model.*', {
    untilCaughtUp: true,
  })) {
    const { modelVersion, decision } = message;
    const previous = decision.case === 'promoted' ? decision.value.previous?.version : undefined;
    const reasons = decision.case === 'rejected' ? decision.value.reasons : undefined;
    told.push([modelVersion?.version, decision.case, previous ?? reasons]);
  }
  await events.close();
  expect(told).toEqual([
    ['1.0.0', 'promoted', undefined],
    ['2.0.0', 'promoted', '1.0.0'],
    ['3.0.0', 'rejected', bad.reasons],
  ]);
});
