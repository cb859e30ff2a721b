/** The simulation of deploy/capacity against a real mesh: the same arrivals, the run's own times of single steps and stages. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createAtelier } from '@atelier/client';
import { GenerationState, timestampMs } from '@atelier/contracts';
import { percentile, rounded } from '@atelier/metrics';
import { type Mesh, poisson, simulate } from '../../deploy/capacity/simulate.ts';
import { observedMesh } from '../observability/scrape.ts';
import type { Benchmark } from './benchmark.ts';

const PICTURES = Number(process.env.ATELIER_BENCH_PICTURES || 24);
const STEPS = 8;
const CONCURRENCY = 4;
/** Of what the mesh does one after the other. */
const LOAD = 0.9;
const HEAD = ['prompt-safety', 'text-encoder'];
const TAIL = ['harm-detection', 'super-resolution', 'store'];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sum and count of a histogram, of one label's value where it is given. */
async function total(address: string, name: string, label = ''): Promise<{ sum: number; count: number }> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  const of = (suffix: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}_${suffix}{`) && line.includes(label))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  return { sum: of('sum'), count: of('count') };
}

export const benchmark: Benchmark = {
  about: `${PICTURES} pictures of ${STEPS} steps by Poisson arrivals, ${CONCURRENCY} at a time: measured and simulated`,
  async run(log) {
    const { mesh, metrics, stop } = await observedMesh({
      ATELIER_CONCURRENT_GENERATIONS: String(CONCURRENCY),
    });
    const address = mesh.address('orchestrator');
    const atelier = createAtelier({ address, autocompleteAddress: address, name: 'bench' });
    const draw = async (seed: number): Promise<number> => {
      const done = await atelier.generate(
        { prompt: 'A red boat on an ocean', seed, steps: STEPS, enhance: false },
        { previews: false },
      );
      if (done.state !== GenerationState.SUCCEEDED || !done.createTime || !done.endTime)
        throw new Error('a picture failed');
      return (timestampMs(done.endTime) - timestampMs(done.createTime)) / 1_000;
    };
    try {
      const alone = mean([await draw(1), await draw(2), await draw(3)]);
      const arrivals = poisson(11, 10_000, LOAD / alone).slice(0, PICTURES);
      log(`alone ${alone.toFixed(2)} s a picture; now ${(LOAD / alone).toFixed(2)} a second`);

      const orchestrator = metrics.get('orchestrator') as string;
      const diffusion = metrics.get('diffusion') as string;
      const stage = async (name: string) =>
        await total(orchestrator, 'atelier_generation_stage_duration', `stage="${name}"`);
      const read = async () => ({
        runs: await total(diffusion, 'atelier_diffusion_step_duration'),
        head: await Promise.all(HEAD.map(stage)),
        tail: await Promise.all(TAIL.map(stage)),
      });
      const before = await read();
      const began = performance.now();
      const latencies = await Promise.all(
        arrivals.map(async (at, i) => {
          await sleep(at * 1_000 - (performance.now() - began));
          return await draw(100 + i);
        }),
      );
      const after = await read();
      const seconds = (from: { sum: number; count: number }[], to: { sum: number; count: number }[]) =>
        to.reduce((sum, one, i) => sum + (one.sum - (from[i]?.sum ?? 0)) / PICTURES, 0);
      const runSeconds = (after.runs.sum - before.runs.sum) / (after.runs.count - before.runs.count);
      const model: Mesh = {
        steps: STEPS,
        runSeconds: () => runSeconds,
        maxBatch: 1,
        headSeconds: seconds(before.head, after.head),
        tailSeconds: seconds(before.tail, after.tail),
        tailServers: Number.POSITIVE_INFINITY, // their measured times hold their waits already
        concurrency: CONCURRENCY,
        queueLimit: 100,
        scaling: {
          min: 1,
          max: 1,
          jobsPerReplica: 8,
          pollSeconds: 5,
          startSeconds: 1,
          scaleDownSeconds: 300,
        },
      };
      const simulated = simulate(model, arrivals).latencies;
      return {
        aloneSeconds: rounded(alone),
        runMs: rounded(runSeconds * 1_000),
        headMs: rounded(model.headSeconds * 1_000),
        tailMs: rounded(model.tailSeconds * 1_000),
        measuredMeanSeconds: rounded(mean(latencies)),
        simulatedMeanSeconds: rounded(mean(simulated)),
        meanRatio: rounded(mean(simulated) / mean(latencies)),
        measuredP90Seconds: rounded(percentile(latencies, 0.9)),
        simulatedP90Seconds: rounded(percentile(simulated, 0.9)),
        p90Ratio: rounded(percentile(simulated, 0.9) / percentile(latencies, 0.9)),
      };
    } finally {
      atelier.close();
      await stop();
    }
  },
};
