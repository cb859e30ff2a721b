/** Kill −9 of whatever process, again and again, while generations are drawn. */

import { judge } from '../figures.ts';
import { killAndRevive, REDUNDANT, startFleet } from '../fleet.ts';
import { runLoad } from '../load.ts';
import { neverAllowed, type Scenario } from '../scenario.ts';

export const kills: Scenario = {
  name: 'kills',
  promise: '50 kills during 2,000 generations: none lost, none duplicated',
  async run({ short, say }) {
    const [generations, killCount] = short ? [60, 6] : [2_000, 50];
    const fleet = await startFleet({ replicas: REDUNDANT });
    try {
      const killed: Record<string, number> = {};
      const every = Math.floor(generations / (killCount + 1));
      let done = 0;
      let reviving: Promise<void> = Promise.resolve();
      const order = shuffled(fleet.processes);
      const kill = (): void => {
        const victim = order[done % order.length];
        done += 1;
        const number = done;
        // One after the other: the mesh is to be broken, not to be absent.
        reviving = reviving.then(async () => {
          if (!victim) return;
          killed[victim.name] = (killed[victim.name] ?? 0) + 1;
          say(`kill ${number}: ${victim.name}`);
          await killAndRevive(victim);
        });
      };
      const load = await runLoad({
        target: fleet.target('orchestrator'),
        generations,
        concurrency: 16,
        onEnd(ended) {
          if (ended % 50 === 0) say(`${ended} generations`);
          if (ended % every === 0 && done < killCount) kill();
        },
      });
      await reviving;
      const figures = { ...(await judge(load, fleet.nats.url)), kills: done, killed };
      return { figures, broken: neverAllowed(figures) };
    } finally {
      await fleet.stop();
    }
  },
};

/** The same every time, neighbours far apart: by the fractional parts of the golden ratio's multiples. */
function shuffled<T>(things: readonly T[]): T[] {
  const place = (i: number): number => ((i + 1) * 0.618033988749895) % 1;
  return things
    .map((thing, i) => ({ thing, place: place(i) }))
    .sort((a, b) => a.place - b.place)
    .map(({ thing }) => thing);
}
