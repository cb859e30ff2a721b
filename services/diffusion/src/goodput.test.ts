/** Overload in simulated time: what admission and giving up make of a machine whose speed wavers. */
import { expect, test } from 'vitest';
import { admit, hopeless, type Promised } from './admission.ts';
import { job, uniform } from './policy.fixture.ts';
import { FairPolicy } from './policy.ts';
import { StepTimes } from './step-times.ts';

const STEP_MS = 12;
const OVERLOAD = 5;
const STEPS = [4, 20, 50];
const MEAN_STEPS = 25;
/** While others use the machine a step takes so many times as long; for so long, as seldom, milliseconds. */
const SLOWER = 5;
const SLOW_MS = 1_000;
const CALM_MS = 2_000;
const CALLERS = 4;
const PATIENCE = 10;

interface SimulatedJob extends Promised {
  readonly steps: number;
  left: number;
}

/** Steps of pictures that were in time, over all that were computed. */
function goodput(seed: number, givesUp: boolean): number {
  const random = uniform(seed);
  const exponential = (mean: number): number => -Math.log(1 - random()) * mean;
  const policy = new FairPolicy<SimulatedJob>();
  const times = new StepTimes();
  times.learn('k', STEP_MS);
  const meanStepMs = (STEP_MS * (CALM_MS + SLOWER * SLOW_MS)) / (CALM_MS + SLOW_MS);
  let nowMs = 0;
  let arrivesMs = 0;
  let slow = false;
  let turnsMs = exponential(CALM_MS);
  let computed = 0;
  let inTime = 0;
  for (let step = 0; step < 4_000; step++) {
    for (; arrivesMs <= nowMs; arrivesMs += exponential((MEAN_STEPS * meanStepMs) / OVERLOAD)) {
      const steps = STEPS[Math.floor(random() * STEPS.length)] as number;
      const newcomer: SimulatedJob = {
        ...job(`caller-${Math.floor(random() * CALLERS)}`, 0),
        steps,
        left: steps,
        deadlineMs: arrivesMs + Math.max(500, PATIENCE * steps * meanStepMs),
        get begun() {
          return this.left < this.steps;
        },
        get workMs() {
          return this.left * times.rowMs('k');
        },
      };
      admit(policy, newcomer, { maxJobs: 32, nowMs });
    }
    for (const one of policy.jobs) if (one.deadlineMs <= nowMs) policy.remove(one);
    if (givesUp) for (const { job } of hopeless(policy, nowMs)) policy.remove(job);
    if (nowMs > turnsMs) {
      slow = !slow;
      turnsMs = nowMs + exponential(slow ? SLOW_MS : CALM_MS);
    }
    const ms = STEP_MS * (slow ? SLOWER : 1);
    nowMs += ms;
    const [served] = policy.order();
    if (!served) continue;
    computed++;
    served.left--;
    times.learn('k', ms);
    policy.charge(new Map([[served, ms]]));
    if (served.left > 0) continue;
    policy.remove(served);
    if (nowMs <= served.deadlineMs) inTime += served.steps;
  }
  return inTime / computed;
}

const mean = (givesUp: boolean): number =>
  [1, 2, 3, 4, 5, 6].reduce((sum, seed) => sum + goodput(seed, givesUp) / 6, 0);

test('at five times the capacity of a machine now and then five times slower, 95 % of the work is in time', () => {
  const gaveUp = mean(true);
  expect(gaveUp).toBeGreaterThan(0.95);
  expect(1 - gaveUp).toBeLessThan(0.75 * (1 - mean(false)));
});
