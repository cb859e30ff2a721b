/** For the tests of the scheduler's pure parts: jobs of abstract work, and a machine that serves them a step at a time. */
import type { Caller } from '@atelier/rpc';
import type { Promised } from './admission.ts';
import type { Policy } from './policy.ts';

export interface TestJob extends Promised {
  readonly name: string;
  workMs: number;
  begun: boolean;
}

/** A job of `workMs`. @param who "caller" or "caller:priority". */
export function job(who: string, workMs: number, extra: Partial<TestJob> = {}): TestJob {
  const [name = '', priority = 'standard'] = who.split(':') as [string, Caller['priority']];
  return {
    name: who,
    caller: { name, priority },
    key: 'k',
    workMs,
    begun: false,
    deadlineMs: Number.POSITIVE_INFINITY,
    ...extra,
  };
}

/** One step, of at most `stepMs`, of the next job; gives the job, which has left when it has no work any more. */
export function step(policy: Policy<TestJob>, stepMs = 1): TestJob | undefined {
  const [next] = policy.order();
  if (!next) return undefined;
  const ms = Math.min(stepMs, next.workMs);
  next.workMs -= ms;
  next.begun = true;
  if (next.workMs <= 0) policy.remove(next);
  policy.charge(new Map([[next, ms]]));
  return next;
}

/** Serves until all is done; gives the time each job ended at, from 0. */
export function drain(policy: Policy<TestJob>, stepMs = 1): Map<TestJob, number> {
  const ends = new Map<TestJob, number>();
  let now = 0;
  for (let left = [...policy.jobs].length; left > 0; left = [...policy.jobs].length) {
    const served = step(policy, stepMs);
    now += stepMs;
    if (served && served.workMs <= 0) ends.set(served, now);
  }
  return ends;
}

/** A repeatable source of uniform numbers in [0, 1) (Park & Miller 1988). */
export function uniform(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
