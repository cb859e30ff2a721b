/** Workers and NATS that are killed cost time, never a result: real processes, real JetStream. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultBundlePath } from '@atelier/models';
import { startNats } from '@atelier/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queueCrew } from './crew.ts';
import { beginRun, curate } from './curate.ts';
import { runOnce, temporaryFolder } from './run.fixture.ts';
import { DEFAULTS, FILES, type RunOptions } from './run.ts';
import { openStore } from './store/store.ts';
import { startWorkers } from './workers.ts';

let folder = '';
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const COUNT = 300;
const KILLS = 10;

test('ten kills of workers and one of NATS leave the same bytes', { timeout: 280_000 }, async () => {
  const options: RunOptions = {
    ...DEFAULTS,
    chunkSize: 20,
    shardSize: 50,
    planted: { count: COUNT, seed: 71_000_000 },
    input: join(folder, 'quiet/raw'),
    out: join(folder, 'quiet'),
    bundle: defaultBundlePath(),
    embeddingCache: join(folder, 'quiet/cache'),
  };
  const quiet = await runOnce(options);
  expect(quiet.rows).toHaveLength(COUNT);

  const nats = await startNats();
  // Reads what the quiet run drew, so that sources are the same too.
  const run = await beginRun({
    ...options,
    planted: null,
    out: join(folder, 'shaken'),
    // Of its own, so that what was embedded twice is compared.
    embeddingCache: join(folder, 'shaken/cache'),
  });
  const workers = startWorkers(2, nats.url, () => {});
  const crew = await queueCrew(run, nats.url, () => workers.failure());
  let over = false;
  const shake = async (): Promise<void> => {
    for (let kill = 0; kill < KILLS && !over; kill++) {
      await sleep(700 + 97 * ((kill * 7) % 10));
      const pids = workers.pids();
      const pid = pids[kill % pids.length];
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      if (kill === 4) {
        nats.kill();
        await sleep(200);
        await nats.restart();
      }
    }
  };
  try {
    const shaking = shake();
    await curate(run, crew, () => {});
    over = true;
    await shaking;
  } finally {
    over = true;
    await crew.close();
    await workers.stop();
    await nats.stop();
  }
  const shaken = openStore(run.options.out);
  for (const name of [FILES.index, 'shard-00000.tar', 'shard-00001.tar', FILES.statistics])
    expect((await shaken.read(name)).equals(await quiet.run.store.read(name)), name).toBe(true);
});
