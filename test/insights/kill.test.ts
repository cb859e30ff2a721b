/** The real process on a real NATS server, killed while it takes events in: none is lost, none counts twice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InsightsService } from '@atelier/contracts';
import { connectEvents } from '@atelier/events';
import { freePort, REPOSITORY, type ServiceProcess, spawnService } from '@atelier/local-mesh';
import { type Client, createClient } from '@atelier/rpc';
import { eventually, startNats } from '@atelier/testkit';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compare, flattened } from './compare.ts';
import { independentFigures } from './independent.ts';
import { makeLog } from './log.ts';

const EVENTS = 50_000;
const KILLS = 3;
const PATIENCE_MS = 120_000;

let nats: Awaited<ReturnType<typeof startNats>>;
let folder = '';
let service: ServiceProcess;
let client: Client<typeof InsightsService> & { close(): void };

beforeAll(async () => {
  [nats, folder] = await Promise.all([startNats(), mkdtemp(join(tmpdir(), 'atelier-insights-'))]);
  // Declares the streams, which keep what is published before anybody reads.
  await (await connectEvents({ servers: nats.url, name: 'test' })).close();
  const address = `127.0.0.1:${await freePort()}`;
  service = spawnService({
    name: 'insights',
    entry: `${REPOSITORY}/services/insights/src/main.ts`,
    address,
    env: {
      NATS_URL: nats.url,
      ATELIER_LOG_LEVEL: 'error',
      ATELIER_INSIGHTS_DATABASE: join(folder, 'insights.duckdb'),
      ATELIER_INSIGHTS_BATCH: '500',
      ATELIER_INSIGHTS_ACK_WAIT_MS: '3000',
    },
  });
  client = createClient(InsightsService, { address });
  await service.ready();
});
afterAll(async () => {
  client?.close();
  await service?.stop();
  await nats?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Asked now and then: counting shares the core with what is counted. */
async function eventsKept(): Promise<number> {
  await sleep(150);
  return Number((await client.getMetrics({}, { timeoutMs: 30_000 })).events);
}

/** Without message ids, so that every copy of an event reaches the service. */
async function publish(part: ReturnType<typeof makeLog>): Promise<void> {
  const connection = await connect({ servers: nats.url });
  for (const [index, { subject, payload }] of part.entries()) {
    connection.publish(subject, payload);
    if (index % 1_000 === 999) await connection.flush();
  }
  await connection.drain();
}

it(
  'counts 50,000 events exactly through three kills',
  async () => {
    const log = makeLog(EVENTS, 7);
    const expected = independentFigures(log);
    const total = Number(expected.get('events'));
    const parts = Array.from({ length: KILLS + 1 }, (_, i) =>
      log.slice((i * EVENTS) / (KILLS + 1), ((i + 1) * EVENTS) / (KILLS + 1)),
    );
    await publish(parts[0] ?? []);
    for (const part of parts.slice(1)) {
      await eventually('events come in', async () => (await eventsKept()) > 0, PATIENCE_MS);
      // So many at once that the kill finds the service at work, however fast it is.
      await publish(part);
      service.kill('SIGKILL');
      expect(await service.exited()).toMatchObject({ signal: 'SIGKILL' });
      await service.restart();
      await service.ready();
    }
    await eventually('all events', async () => (await eventsKept()) >= total, PATIENCE_MS);
    // Long enough for everything that was not acknowledged to have come once more.
    await sleep(4_000);
    const { different, exact, intervalEnds } = compare(flattened(await client.getMetrics({})), expected);
    expect(different).toEqual([]);
    expect(exact).toBeGreaterThan(300);
    expect(intervalEnds).toBeGreaterThan(100);
  },
  4 * PATIENCE_MS,
);

it('the comparison notices one event that is missing', () => {
  const log = makeLog(2_000, 3);
  const copies = new Set(log);
  const shown = [...copies].find(({ subject }) => subject.endsWith('.shown'));
  const without = log.filter((event) => event !== shown);
  expect(compare(independentFigures(without), independentFigures(log)).different).not.toEqual([]);
});
