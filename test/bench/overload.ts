/** Five times what the diffusion service can do: what gets done, what the others are told, how much memory it takes. */

import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs, peakRssMb, rssMb } from '@atelier/local-mesh';
import { rounded } from '@atelier/metrics';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { Code, RpcError } from '@atelier/rpc';
import type { Benchmark } from './benchmark.ts';
import { MEAN_STEPS, poisson } from './load/arrivals.ts';
import { type DiffusionUnderTest, startDiffusion } from './load/diffusion.ts';
import { closed } from './load/traffic.ts';

const OVERLOAD = 5;
const CONCURRENCY = 8;
/** A request's deadline: so many times its own time on an idle machine, and at least so many milliseconds. */
const PATIENCE = 10;
const LEAST_DEADLINE_MS = 500;
const CALLERS = 4;
/** How long requests arrive. */
const SECONDS = Number(process.env.ATELIER_BENCH_SECONDS ?? 25);
/** At the tiny bundle hundreds of requests a second arrive; it needn't be long. */
const TINY_SECONDS = 12;

export interface Overload {
  /** Steps a second of pictures that were in time, over the steps a second of a full queue without deadlines. */
  readonly goodputRatio: number;
  /** The same for each second of processor time that the service got, whatever else the machine did meanwhile. */
  readonly goodputCpuRatio: number;
  /** Steps computed for pictures that then were not in time, over all that were computed. */
  readonly wastedShare: number;
  readonly goodputStepsPerSecond: number;
  readonly peakStepsPerSecond: number;
  readonly offered: number;
  readonly inTime: number;
  readonly late: number;
  readonly refused: number;
  readonly refusedWithRetryInfo: number;
  readonly rssBeforeMb: number;
  readonly rssGrowthMb: number;
}

/** @param seconds how long requests arrive, and how long the peak is measured. */
export async function measureOverload(service: DiffusionUnderTest, seconds: number): Promise<Overload> {
  await Promise.all([1, 2].map((seed) => service.draw({ steps: 4, seed })));
  const draw = (steps: number, seed: number) => service.draw({ steps, seed });
  const probe = await closed(CONCURRENCY, { pictures: 16, steps: 10 }, draw);
  const pictures = Math.max(CONCURRENCY, Math.round((probe * seconds) / 20));
  const measurePeak = () => closed(CONCURRENCY, { pictures, steps: 20 }, draw);
  const cpuBefore = cpuMs(service.pid());
  const peak = await measurePeak();
  const peakCpuMs = (cpuMs(service.pid()) - cpuBefore) / (pictures * 20);
  const stepMs = 1000 / peak;
  const count = Math.round((OVERLOAD * seconds * 1000) / (MEAN_STEPS * stepMs));
  const rssBeforeMb = rssMb(service.pid());

  let steps = 0;
  let wasted = 0;
  const overloadCpu = cpuMs(service.pid());
  const counts = { inTime: 0, late: 0, refused: 0, refusedWithRetryInfo: 0 };
  const began = performance.now();
  await Promise.all(
    poisson(7, count, stepMs, OVERLOAD).map(async (arrival, seed) => {
      await sleep(Math.max(0, began + arrival.atMs - performance.now()));
      const timeoutMs = Math.max(LEAST_DEADLINE_MS, PATIENCE * arrival.steps * stepMs);
      const caller = { name: `caller-${seed % CALLERS}` };
      let heard = 0;
      const hear = (step: number): void => {
        heard = step;
      };
      try {
        await service.draw({ steps: arrival.steps, seed, timeoutMs, caller }, hear);
        counts.inTime++;
        steps += arrival.steps;
      } catch (error) {
        wasted += heard;
        const { code, retryAfterMs } = RpcError.from(error);
        if (code === Code.DEADLINE_EXCEEDED) counts.late++;
        else if (code === Code.RESOURCE_EXHAUSTED) counts.refused++;
        else throw error;
        if (code === Code.RESOURCE_EXHAUSTED && (retryAfterMs ?? 0) > 0) counts.refusedWithRetryInfo++;
      }
    }),
  );
  const goodput = (steps / (performance.now() - began)) * 1000;
  const goodputCpuMs = (cpuMs(service.pid()) - overloadCpu) / steps;
  // The machine may have got slower or faster meanwhile.
  const peakAfter = await measurePeak();
  const meanPeak = (peak + peakAfter) / 2;
  return {
    goodputRatio: rounded(goodput / meanPeak),
    goodputCpuRatio: rounded(peakCpuMs / goodputCpuMs),
    wastedShare: rounded(wasted / (wasted + steps)),
    goodputStepsPerSecond: rounded(goodput),
    peakStepsPerSecond: rounded(meanPeak),
    offered: count,
    ...counts,
    rssBeforeMb: rounded(rssBeforeMb),
    rssGrowthMb: rounded(peakRssMb(service.pid()) - rssBeforeMb),
  };
}

const overloadOf = async (seconds: number, env?: NodeJS.ProcessEnv): Promise<Overload> => {
  const service = await startDiffusion(env);
  try {
    return await measureOverload(service, seconds);
  } finally {
    await service.stop();
  }
};

export const benchmark: Benchmark = {
  about: `The diffusion service at ${OVERLOAD} times its capacity, each request with a deadline.`,
  async run() {
    const bundle = await overloadOf(SECONDS);
    // Steps of two milliseconds: what refusing costs is seen here.
    const tiny = await overloadOf(TINY_SECONDS, { ATELIER_MODEL_BUNDLE: tinyBundlePath });
    return { ...bundle, tiny: { ...tiny } };
  },
};
