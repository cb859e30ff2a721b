/** Resident set of each service, and what all of them take of the machine: when ready, and over many generations. */

import { createAtelier } from '@atelier/client';
import { GenerationState } from '@atelier/contracts';
import { type Mesh, pssMb, rssMb, startMesh } from '@atelier/local-mesh';
import { rounded, slope } from '@atelier/metrics';
import type { Benchmark } from './benchmark.ts';

/** 1,000 for the figure that counts; a few show only that nothing grows by leaps. */
const GENERATIONS = Number(process.env.ATELIER_BENCH_GENERATIONS ?? 40);
/** Few steps: what may leak is there once in a generation. */
const STEPS = 2;
/** A picture of so few steps may look like anything. */
const ENDS: readonly GenerationState[] = [GenerationState.SUCCEEDED, GenerationState.BLOCKED];

export const benchmark: Benchmark = {
  about: `The mesh's resident set over ${GENERATIONS} generations of ${STEPS} steps at 1024 × 1024.`,
  async run(log) {
    const mesh = await startMesh({ freePorts: true });
    try {
      const ready = residents(mesh);
      const readyPssMb = proportional(mesh);
      const atelier = createAtelier({ address: mesh.address('orchestrator') });
      const samples: [number, number][] = [];
      for (let seed = 0; seed < GENERATIONS; seed++) {
        const order = { prompt: 'A boat on an ocean', seed, steps: STEPS, enhance: false };
        const { state } = await atelier.generate(order, { previews: false });
        if (!ENDS.includes(state)) throw new Error(`a generation ended in state ${state}`);
        samples.push([seed, total(residents(mesh))]);
        if (seed % 100 === 99) log(`${seed + 1} generations: ${Math.round(samples.at(-1)?.[1] ?? 0)} MB`);
      }
      atelier.close();
      // The first half fills pools and caches.
      const steady = samples.slice(Math.floor(samples.length / 2));
      const now = residents(mesh);
      return {
        rssMb: rounded(total(now)),
        slopeMbPer1000: rounded(1000 * slope(steady)),
        pssMb: rounded(proportional(mesh)),
        readyRssMb: rounded(total(ready)),
        readyPssMb: rounded(readyPssMb),
        generations: GENERATIONS,
        services: now,
        servicesWhenReady: ready,
      };
    } finally {
      await mesh.stop();
    }
  },
};

function residents({ services }: Mesh): Record<string, number> {
  return Object.fromEntries(
    [...services].map(([name, service]) => [name, rounded(rssMb(service.pid() as number))]),
  );
}

/** Of the whole mesh, pages that services share counted once. */
const proportional = ({ services }: Mesh): number =>
  [...services.values()].reduce((sum, service) => sum + pssMb(service.pid() as number), 0);

const total = (by: Record<string, number>): number => Object.values(by).reduce((sum, mb) => sum + mb, 0);
