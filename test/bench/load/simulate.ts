/** The same traffic on a machine made of nothing but the policy: what the percentiles converge to. Pure. */
import type { Job, Policy } from '../../../services/diffusion/src/policy.ts';
import { type Arrival, SHORT } from './arrivals.ts';

interface SimulatedJob extends Job {
  workMs: number;
  readonly steps: number;
  readonly atMs: number;
}

/** Latencies of the short requests, milliseconds, when each turn is one step of one request. */
export function simulate(
  arrivals: readonly Arrival[],
  policy: Policy<SimulatedJob>,
  stepMs: number,
): number[] {
  const latencies: number[] = [];
  let now = 0;
  let next = 0;
  let inHand = 0;
  while (next < arrivals.length || inHand > 0) {
    if (inHand === 0) now = Math.max(now, (arrivals[next] as Arrival).atMs);
    for (let arrival = arrivals[next]; arrival && arrival.atMs <= now; arrival = arrivals[++next]) {
      const { steps, atMs } = arrival;
      const caller = { name: 'default', priority: 'standard' } as const;
      policy.add({ caller, key: '', workMs: steps * stepMs, steps, atMs });
      inHand++;
    }
    const [job] = policy.order() as [SimulatedJob];
    now += stepMs;
    job.workMs -= stepMs;
    if (job.workMs < stepMs / 2) {
      policy.remove(job);
      inHand--;
      if (job.steps === SHORT) latencies.push(now - job.atMs);
    }
    policy.charge(new Map([[job, stepMs]]));
  }
  return latencies;
}
