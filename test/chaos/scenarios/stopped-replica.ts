/** One of two replicas of a service stops answering without a word: SIGSTOP, which closes no connection. */
import { judge, quantile } from '../figures.ts';
import { REDUNDANT, startFleet } from '../fleet.ts';
import { runLoad } from '../load.ts';
import { neverAllowed, type Scenario } from '../scenario.ts';

const MOST_TIMES_BASELINE = 2;

export const stoppedReplica: Scenario = {
  name: 'stopped-replica',
  promise: 'SIGSTOP of one of two prompt-safety replicas: none lost, P99 at most twice the baseline',
  async run({ short, say }) {
    const generations = short ? 30 : 300;
    const warmUp = generations / 10;
    const fleet = await startFleet({ replicas: REDUNDANT });
    const target = fleet.target('orchestrator');
    const victim = fleet.processes.find(({ name }) => name === 'prompt-safety');
    try {
      // What is compiled and cached with the first generations is nobody's baseline.
      await runLoad({ target, generations: warmUp, concurrency: 4, from: 2_000_000 });
      const baseline = await runLoad({ target, generations, concurrency: 4, from: 1_000_000 });
      say('stopping a replica');
      victim?.kill('SIGSTOP');
      const load = await runLoad({ target, generations, concurrency: 4 });
      victim?.kill('SIGCONT');
      const baselineP99Ms = Math.round(quantile(baseline.latenciesMs, 0.99));
      const judged = await judge(load, fleet.nats.url);
      const ratio = Number((judged.p99Ms / baselineP99Ms).toFixed(2));
      const figures = { ...judged, baselineP99Ms, p99Ratio: ratio };
      const tooSlow = ratio > MOST_TIMES_BASELINE;
      return {
        figures,
        broken: [...neverAllowed(figures), ...(tooSlow ? [`P99 ${ratio} times the baseline`] : [])],
      };
    } finally {
      victim?.kill('SIGCONT');
      await fleet.stop();
    }
  },
};
