/** What the step scheduler brings under load, against one request at a time and against a Python server. */

import { fileURLToPath } from 'node:url';
import { cpuMs } from '@atelier/local-mesh';
import { percentile, rounded } from '@atelier/metrics';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { config } from '../../services/diffusion/src/config.ts';
import { FairPolicy } from '../../services/diffusion/src/policy.ts';
import type { Benchmark, Figures } from './benchmark.ts';
import { type Arrival, LONG, MEAN_STEPS, poisson, SHORT } from './load/arrivals.ts';
import { startDiffusion } from './load/diffusion.ts';
import { FirstCome } from './load/first-come.ts';
import { startPeer } from './load/peer.ts';
import { simulate } from './load/simulate.ts';
import { closed, type Done, open } from './load/traffic.ts';

const UTILISATION = 0.8;
const CONCURRENCY = 8;
/** Pictures and steps of a closed loop, and how often each system gets its turn: a slow moment hits all alike. */
const CLOSED = { pictures: 12, steps: 10 };
const ROUNDS = 4;
/** Without this, arrivals meet the tiny bundle, whose steps are short enough for a percentile in so many seconds. */
const SECONDS = process.env.ATELIER_BENCH_SECONDS;
const TINY_SECONDS = 8;
const SIMULATED = 20_000;
const SEED = 4;
/** Nobody is refused here: both sides get to queue. */
const ROOM = { ATELIER_DIFFUSION_MAX_DRAWINGS: '1000' };

const baselineEntry = fileURLToPath(new URL('./load/first-come-service.ts', import.meta.url));

export const benchmark: Benchmark = {
  about: `Poisson arrivals at ${UTILISATION * 100} % of capacity, 4, 20 and 50 steps; then ${CONCURRENCY} at a time.`,
  async run(log) {
    const { ours, theirs, ...poissonFigures } = await arrive(log);
    const simulated = poisson(SEED, SIMULATED, 1, UTILISATION);
    const simulatedP99 = (policy: FirstCome<never> | FairPolicy<never>) =>
      percentile(simulate(simulated, policy, 1), 0.99);
    const rates = await saturate(log);
    return {
      shortP99Ratio: rounded(p99(theirs, SHORT) / p99(ours, SHORT)),
      ...rates,
      shortP99RatioSimulated: rounded(simulatedP99(new FirstCome()) / simulatedP99(new FairPolicy())),
      shortP99Ms: rounded(p99(ours, SHORT)),
      shortP99MsOneAtATime: rounded(p99(theirs, SHORT)),
      meanMs: rounded(mean(ours.map(({ latencyMs }) => latencyMs))),
      meanMsOneAtATime: rounded(mean(theirs.map(({ latencyMs }) => latencyMs))),
      longP99Ms: rounded(p99(ours, LONG)),
      longP99MsOneAtATime: rounded(p99(theirs, LONG)),
      ...poissonFigures,
      requests: ours.length,
      shortRequests: ours.filter(({ steps }) => steps === SHORT).length,
    };
  },
};

/** The same Poisson arrivals at both services, one after the other. */
async function arrive(log: (line: string) => void) {
  const env = { ...ROOM, ...(SECONDS === undefined && { ATELIER_MODEL_BUNDLE: tinyBundlePath }) };
  const seconds = Number(SECONDS ?? TINY_SECONDS);
  const run = async (entry: string | undefined, plan?: Arrival[]) => {
    const service = await startDiffusion(env, entry);
    const draw = (steps: number, seed: number) => service.draw({ steps, seed });
    try {
      await Promise.all([1, 2, 3].map((seed) => draw(SHORT, seed)));
      const began = performance.now();
      await draw(LONG, 4);
      const stepMs = (performance.now() - began) / LONG;
      const count = Math.round((seconds * 1000 * UTILISATION) / (stepMs * MEAN_STEPS));
      const arrivals = plan ?? poisson(SEED, Math.max(12, count), stepMs, UTILISATION);
      log(`a step takes ${rounded(stepMs)} ms; ${arrivals.length} requests arrive`);
      return { arrivals, done: await open(arrivals, draw), stepMs };
    } finally {
      await service.stop();
    }
  };
  const baseline = await run(baselineEntry);
  const { done: ours } = await run(undefined, baseline.arrivals);
  const model = SECONDS === undefined ? 'tiny' : 'bundle';
  return { theirs: baseline.done, ours, poissonModel: model, poissonStepMs: rounded(baseline.stepMs) };
}

/** A server that draws, and what its figures are called. */
interface System {
  readonly name: string;
  draw(order: { steps: number; seed: number; guided: boolean }): Promise<unknown>;
  pid(): number;
  stop(): Promise<void>;
}

interface Measured {
  rates: number[];
  /** Processor time a step, milliseconds. */
  cpu: number[];
}

/** Steps a second of each system with as many requests in hand as it is ever given, on the bundle itself. */
async function saturate(log: (line: string) => void): Promise<Figures> {
  const { diffusionLanes } = config.load(process.env);
  const ours = { name: 'ours', ...(await startDiffusion()) };
  const others: System[] = [{ name: '', ...(await startDiffusion({}, baselineEntry)) }];
  let peerMissing: string | undefined;
  for (const [name, lanes] of [
    ['peer', 1],
    ['peerWithLanes', diffusionLanes],
  ] as const) {
    const peer = await startPeer(lanes);
    if (typeof peer === 'string') peerMissing = peer;
    else others.push({ name, ...peer });
  }
  const systems = [ours, ...others];
  try {
    log(`${CONCURRENCY} at a time`);
    const figures: Record<string, number | null> = {};
    for (const guided of [true, false]) {
      const measured = await inTurn(systems, guided);
      const us = measured.get(ours) as Measured;
      const suffix = guided ? '' : 'Unguided';
      for (const other of others) {
        const { rates, cpu } = measured.get(other) as Measured;
        figures[named(other.name, `throughputRatio${suffix}`)] = rounded(mean(us.rates) / mean(rates));
        figures[named(other.name, `cpuRatio${suffix}`)] = rounded(mean(cpu) / mean(us.cpu));
      }
      figures[`stepsPerSecond${suffix}`] = rounded(mean(us.rates));
      figures[`cpuMsPerStep${suffix}`] = rounded(mean(us.cpu));
    }
    return { ...figures, ...(peerMissing !== undefined && { peerThroughputRatio: null, peerMissing }) };
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
  }
}

/** Each system as often as there are rounds, another one first each time. */
async function inTurn(systems: readonly System[], guided: boolean): Promise<Map<System, Measured>> {
  const measured = new Map(systems.map((system) => [system, { rates: [], cpu: [] } as Measured]));
  const loop = (system: System) =>
    closed(CONCURRENCY, CLOSED, (steps, seed) => system.draw({ steps, seed, guided }));
  // What opens or is compiled when requests first overlap isn't what is measured.
  for (const system of systems) await loop(system);
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < systems.length; turn++) {
      const system = systems[(round + turn) % systems.length] as System;
      const { rates, cpu } = measured.get(system) as Measured;
      const before = cpuMs(system.pid());
      rates.push(await loop(system));
      cpu.push((cpuMs(system.pid()) - before) / (CLOSED.pictures * CLOSED.steps));
    }
  }
  return measured;
}

/** `peer`, `cpuRatio` → `peerCpuRatio`. */
const named = (system: string, figure: string): string =>
  (system && `${system}${figure[0]?.toUpperCase()}${figure.slice(1)}`) || figure;

const p99 = (done: readonly Done[], steps: number): number =>
  percentile(
    done.filter((one) => one.steps === steps).map(({ latencyMs }) => latencyMs),
    0.99,
  );
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
