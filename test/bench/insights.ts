/** The online metrics of a replayed log against an independent calculation. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, GetMetricsResponseSchema } from '@atelier/contracts';
import { count, EVER, metricsOf, Store } from '@atelier/insights';
import { compare, flattened } from '../insights/compare.ts';
import { independentFigures } from '../insights/independent.ts';
import { makeLog } from '../insights/log.ts';
import { replay } from '../insights/replay.ts';
import type { Benchmark } from './benchmark.ts';

const EVENTS = Number(process.env.ATELIER_BENCH_EVENTS ?? 1_000_000);
const SEED = 11;
/** As the service's default. */
const BATCH = 1_000;
const MIB = 1_048_576;

export const benchmark: Benchmark = {
  about: `A log of ${EVENTS} events, some late, twice or out of order, into the database of insights; every figure against an independent calculation.`,
  async run(log) {
    const folder = await mkdtemp(join(tmpdir(), 'atelier-insights-'));
    const file = join(folder, 'insights.duckdb');
    try {
      const events = makeLog(EVENTS, SEED);
      log(`${events.length} events made`);
      const store = await Store.open({ file, memoryMib: 512, threads: 1 });
      const began = performance.now();
      await replay(store, events, BATCH);
      const ingestSeconds = (performance.now() - began) / 1_000;
      log(`kept in ${ingestSeconds.toFixed(1)} s`);
      const asked = performance.now();
      const counted = await store.read((query) => count(query, EVER));
      const querySeconds = (performance.now() - asked) / 1_000;
      await store.close();
      const databaseMib = (await stat(file)).size / MIB;
      const answer = create(GetMetricsResponseSchema, metricsOf(counted, EVER));
      const { exact, intervalEnds, different } = compare(flattened(answer), independentFigures(events));
      for (const difference of different.slice(0, 20)) log(difference);
      return {
        events: events.length,
        eventsOnce: Number(counted.events),
        figuresEqual: exact,
        intervalEndsEqual: intervalEnds,
        figuresDifferent: different.length,
        ingestSeconds: Number(ingestSeconds.toFixed(1)),
        eventsPerSecond: Math.round(events.length / ingestSeconds),
        querySeconds: Number(querySeconds.toFixed(2)),
        databaseMib: Math.round(databaseMib),
        peakRssMib: Math.round(process.resourceUsage().maxRSS / 1_024),
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
