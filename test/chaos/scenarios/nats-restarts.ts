/** The NATS server dies and comes back, again and again, while generations are drawn. */
import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../figures.ts';
import { startFleet } from '../fleet.ts';
import { runLoad } from '../load.ts';
import { neverAllowed, type Scenario } from '../scenario.ts';

const LONGEST_OUTAGE_MS = 5_000;

export const natsRestarts: Scenario = {
  name: 'nats-restarts',
  promise: 'NATS killed every 5 s for 3 minutes: none lost, no outage longer than 5 s',
  async run({ short, say }) {
    const [forMs, everyMs] = short ? [15_000, 5_000] : [180_000, 5_000];
    const fleet = await startFleet();
    try {
      const over = new AbortController();
      const loading = runLoad({
        target: fleet.target('orchestrator'),
        generations: Number.POSITIVE_INFINITY,
        concurrency: 8,
        signal: over.signal,
      });
      let restarts = 0;
      let longestDownMs = 0;
      const end = performance.now() + forMs;
      while (performance.now() < end) {
        await sleep(everyMs);
        const killedAt = performance.now();
        fleet.nats.kill();
        await fleet.nats.restart();
        longestDownMs = Math.max(longestDownMs, Math.round(performance.now() - killedAt));
        restarts += 1;
        if (restarts % 6 === 0) say(`${restarts} restarts`);
      }
      over.abort();
      const figures = { ...(await judge(await loading, fleet.nats.url)), restarts, longestDownMs };
      const tooLong = figures.longestSilenceMs > LONGEST_OUTAGE_MS;
      return {
        figures,
        broken: [
          ...neverAllowed(figures),
          ...(tooLong ? [`an outage of ${figures.longestSilenceMs} ms`] : []),
        ],
      };
    } finally {
      await fleet.stop();
    }
  },
};
