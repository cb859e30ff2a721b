/** Every process is replaced, one after the other, by SIGTERM, while generations are drawn: what a rollout does. */
import { judge } from '../figures.ts';
import { REDUNDANT, roll, startFleet } from '../fleet.ts';
import { runLoad } from '../load.ts';
import { neverAllowed, type Scenario } from '../scenario.ts';

/** At least; every process is rolled again and again until then. Fewer for a quick look: ATELIER_CHAOS_GENERATIONS=500. */
const GENERATIONS = Number(process.env.ATELIER_CHAOS_GENERATIONS ?? 10_000);

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  promise: 'every process drained and started again under load: no generation fails',
  async run({ short, say }) {
    const fleet = await startFleet({
      // Two of each: a rollout waits for the new replica.
      replicas: { ...REDUNDANT, 'text-encoder': 2, diffusion: 2, 'super-resolution': 2 },
    });
    try {
      const over = new AbortController();
      let ended = 0;
      const loading = runLoad({
        target: fleet.target('orchestrator'),
        generations: Number.POSITIVE_INFINITY,
        concurrency: 6,
        signal: over.signal,
        onEnd: (count) => {
          ended = count;
        },
      });
      const chosen = short ? fleet.processes.filter((_, i) => i % 4 === 0) : fleet.processes;
      let rolled = 0;
      do {
        for (const process of chosen) {
          await roll(process);
          rolled += 1;
        }
        say(`each process rolled, ${ended} generations ended`);
      } while (ended < GENERATIONS && !short);
      over.abort();
      const figures = { ...(await judge(await loading, fleet.nats.url)), rolled };
      const failed = figures.generations - (figures.ends.SUCCEEDED ?? 0);
      return { figures, broken: [...neverAllowed(figures), ...(failed > 0 ? [`${failed} failed`] : [])] };
    } finally {
      await fleet.stop();
    }
  },
};
