/** The partition scenario as seen from the near side, where it runs: client, NATS and the safety services are here, the rest is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@atelier/local-mesh';
import { judge } from './figures.ts';
import { startFleet } from './fleet.ts';
import { runLoad } from './load.ts';
import { Networks } from './networks.ts';
import { neverAllowed } from './scenario.ts';

const LONGEST_RECOVERY_MS = 10_000;
const FAR: readonly ServiceName[] = ['text-encoder', 'diffusion', 'super-resolution'];
const CONCURRENCY = 4;

const [name = '', short = 'false'] = process.argv.slice(2);
/** Shorter and longer than keepalives, acknowledgement waits and pauses before another attempt. */
const PARTITIONS_MS = short === 'true' ? [12_000] : [3_000, 12_000, 30_000];
const CALM_MS = short === 'true' ? 10_000 : 25_000;

const networks = new Networks(name);
const { near, far } = networks;
const fleet = await startFleet({
  replicas: { orchestrator: 2 },
  natsHost: near.address,
  host: (service, replica) =>
    FAR.includes(service) || (service === 'orchestrator' && replica === 1) ? far : near,
});
try {
  const over = new AbortController();
  const began = performance.now();
  const loading = runLoad({
    target: fleet.target('orchestrator'),
    generations: Number.POSITIVE_INFINITY,
    concurrency: CONCURRENCY,
    signal: over.signal,
  });
  const healedAtMs: number[] = [];
  for (const lengthMs of PARTITIONS_MS) {
    await sleep(CALM_MS);
    await networks.cut();
    await sleep(lengthMs);
    await networks.heal();
    healedAtMs.push(performance.now() - began);
    console.error(`parted for ${lengthMs / 1_000} s`);
  }
  await sleep(CALM_MS);
  over.abort();
  const load = await loading;
  const partitions = healedAtMs.map((healed, i) => {
    const after = load.endedAtMs.flatMap((ended, j) =>
      ended < healed ? [] : [{ ended, asked: ended - (load.latenciesMs[j] ?? 0) }],
    );
    const waited = after.filter(({ asked }) => asked < healed).map(({ ended }) => ended - healed);
    return {
      partedMs: PARTITIONS_MS[i],
      /** From the healing to the first end of a generation, and to the end of the last that waited for it. */
      recoveryMs: Math.round(Math.min(...after.map(({ ended }) => ended)) - healed),
      caughtUpMs: Math.round(Math.max(0, ...waited)),
    };
  });
  const figures = { ...(await judge(load, fleet.nats.url)), partitions };
  const slow = partitions.filter(({ recoveryMs }) => !(recoveryMs < LONGEST_RECOVERY_MS));
  const broken = [...neverAllowed(figures), ...slow.map((p) => `pictures ${p.recoveryMs} ms after healing`)];
  console.log(JSON.stringify({ figures, broken }));
} finally {
  await fleet.stop();
}
