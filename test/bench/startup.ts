/** From nothing to a mesh that serves: all at once, against one service after the other. */

import { type Mesh, SERVICES, type ServiceName, startMesh } from '@atelier/local-mesh';
import { median, rounded } from '@atelier/metrics';
import type { Benchmark } from './benchmark.ts';

const ROUNDS = 3;

export const benchmark: Benchmark = {
  about: `The whole mesh, from the first process to the last service loaded and warmed; median of ${ROUNDS}.`,
  async run(log) {
    const totals: number[] = [];
    const times = new Map<ServiceName, number[]>();
    const own = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round++) {
      const onReady = (name: ServiceName, ms: number) =>
        void times.set(name, [...(times.get(name) ?? []), ms]);
      const mesh = await timed(totals, () =>
        startMesh({
          freePorts: true,
          onReady,
          onLine: (who, line) => {
            const ready = /"ready_ms":(\d+)/.exec(line)?.[1];
            if (ready) own.set(who, [...(own.get(who) ?? []), Number(ready)]);
          },
        }),
      );
      await mesh.stop();
      log(`round ${round + 1}: ${Math.round(totals.at(-1) ?? 0)} ms`);
    }
    const alone: number[] = [];
    for (const { name } of SERVICES) {
      const mesh = await timed(alone, () => startMesh({ services: [name], freePorts: true }));
      await mesh.stop();
    }
    const oneByOneMs = alone.reduce((sum, ms) => sum + ms, 0);
    const readyMs = median(totals);
    return {
      readyMs: rounded(readyMs),
      oneByOneMs: rounded(oneByOneMs),
      oneByOneRatio: rounded(oneByOneMs / readyMs),
      services: Object.fromEntries(
        SERVICES.map(({ name }, i) => [
          name,
          {
            readyMs: rounded(median(times.get(name) ?? [])),
            ownMs: rounded(median(own.get(name) ?? [])),
            aloneMs: rounded(alone[i] as number),
          },
        ]),
      ),
    };
  },
};

async function timed(times: number[], start: () => Promise<Mesh>): Promise<Mesh> {
  const began = performance.now();
  const mesh = await start();
  times.push(performance.now() - began);
  return mesh;
}
