/** Nothing breaks: generations are drawn for twenty minutes, and no process takes more memory or handles for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { IMAGE_BUCKET } from '@atelier/events';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos } from '@nats-io/transport-node';
import { judge } from '../figures.ts';
import { startFleet } from '../fleet.ts';
import { growthOf, type Sample, sampleOf } from '../growth.ts';
import { runLoad } from '../load.ts';
import { neverAllowed, type Scenario } from '../scenario.ts';

const MINUTE_MS = 60_000;
/** Above these a process leaks: 1 MiB a minute would be 60 MiB after an hour, and flat is flat. */
const MOST_MB_PER_MINUTE = 1;
const MOST_NEW_HANDLES = 2;

export const soak: Scenario = {
  name: 'soak',
  promise: '20 minutes of generations: memory and handles of every process stay as they are',
  async run({ short, say }) {
    const [forMinutes, warmMinutes] = short ? [2, 0.5] : [20, 5];
    const everyMs = short ? 2_000 : 10_000;
    // A cache that fills for longer than the run would look like a leak.
    const fleet = await startFleet({ env: { ATELIER_TEXT_ENCODER_CACHE_MB: '1' } });
    try {
      await forgetPictures(fleet.nats.url, 2);
      const over = new AbortController();
      const loading = runLoad({
        target: fleet.target('orchestrator'),
        generations: Number.POSITIVE_INFINITY,
        concurrency: 4,
        signal: over.signal,
      });
      const pids = new Map<string, number | undefined>([
        ['nats', fleet.nats.pid()],
        ...fleet.processes.map(({ name, pid }): [string, number | undefined] => [name, pid()]),
      ]);
      const samples = new Map<string, Sample[]>([...pids.keys()].map((name) => [name, []]));
      const began = performance.now();
      for (let tick = 1; performance.now() - began < forMinutes * MINUTE_MS; tick++) {
        await sleep(everyMs);
        const minutes = (performance.now() - began) / MINUTE_MS;
        for (const [name, pid] of pids) if (pid) samples.get(name)?.push(sampleOf(pid, minutes));
        if (tick % 12 === 0) say(`${minutes.toFixed(1)} minutes`);
      }
      over.abort();
      const growth = [...samples].map(([name, taken]) => ({ name, ...growthOf(taken, warmMinutes) }));
      const judged = await judge(await loading, fleet.nats.url);
      const broken = growth.flatMap(({ name, rssMbPerMinute, handles: [before, after] }) => [
        ...(rssMbPerMinute > MOST_MB_PER_MINUTE ? [`${name} takes ${rssMbPerMinute} MiB more a minute`] : []),
        ...(after - before > MOST_NEW_HANDLES ? [`${name} has ${after} handles, had ${before}`] : []),
      ]);
      return { figures: { ...judged, growth }, broken: [...neverAllowed(judged), ...broken] };
    } finally {
      await fleet.stop();
    }
  },
};

/** Keeps finished pictures for minutes instead of a week: what a store keeps for its owners is no leak, and would hide one. */
async function forgetPictures(servers: string, minutes: number): Promise<void> {
  const connection = await connect({ servers });
  const manager = await jetstreamManager(connection);
  await manager.streams.update(`OBJ_${IMAGE_BUCKET}`, { max_age: nanos(minutes * MINUTE_MS) });
  await connection.close();
}
