/** Poisson arrivals, repeatable. Pure. */
import { uniform } from '../../../services/diffusion/src/policy.fixture.ts';

/** Step counts of the requests, in equal parts. */
export const MIX: readonly number[] = [4, 20, 50];
export const SHORT = 4;
export const LONG = 50;
export const MEAN_STEPS = MIX.reduce((sum, steps) => sum + steps, 0) / MIX.length;

export interface Arrival {
  readonly atMs: number;
  readonly steps: number;
}

/**
 * @param stepMs time of a step alone.
 * @param utilisation offered work over capacity, > 0.
 */
export function poisson(seed: number, count: number, stepMs: number, utilisation: number): Arrival[] {
  const random = uniform(seed);
  const meanGapMs = (MEAN_STEPS * stepMs) / utilisation;
  let atMs = 0;
  return Array.from({ length: count }, () => {
    atMs -= Math.log(1 - random()) * meanGapMs;
    return { atMs, steps: MIX[Math.floor(random() * MIX.length)] as number };
  });
}
