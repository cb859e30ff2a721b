import { describe, expect, it } from 'vitest';
import { Autoscaler } from './autoscaler.ts';
import { type Mesh, poisson, simulate } from './simulate.ts';

const fixed = { min: 1, max: 1, jobsPerReplica: 8, pollSeconds: 5, startSeconds: 60, scaleDownSeconds: 300 };
/** One server, one picture at a time, a second each: an M/D/1 queue. */
const single: Mesh = {
  steps: 1,
  runSeconds: () => 1,
  maxBatch: 1,
  headSeconds: 0,
  tailSeconds: 0,
  tailServers: Number.POSITIVE_INFINITY,
  concurrency: Number.POSITIVE_INFINITY,
  queueLimit: Number.POSITIVE_INFINITY,
  scaling: fixed,
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the simulation', () => {
  it.each([0.3, 0.6, 0.8])('waits as long as theory says at %d of capacity', (load) => {
    const { latencies, utilisation } = simulate(single, poisson(1, 100_000, load));
    const pollaczekKhinchine = 1 + load / (2 * (1 - load));
    expect(mean(latencies) / pollaczekKhinchine).toBeCloseTo(1, 1);
    expect(utilisation).toBeCloseTo(load, 1);
  });

  it('gives the same for the same seed, and something else for another', () => {
    const run = (seed: number) => simulate(single, poisson(seed, 500, 0.7)).latencies;
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });

  it('loses nothing: what arrives is finished or refused', () => {
    const arrivals = poisson(2, 300, 3);
    const { latencies, refused } = simulate({ ...single, queueLimit: 20 }, arrivals);
    expect(latencies.length + refused).toBe(arrivals.length);
    expect(refused).toBeGreaterThan(100);
    expect(Math.max(...latencies)).toBeLessThanOrEqual(21);
  });

  it('does more in batches than one by one', () => {
    const batched: Mesh = { ...single, maxBatch: 8, runSeconds: (pictures) => 0.9 + 0.1 * pictures };
    const at = poisson(5, 2_000, 2);
    expect(mean(simulate(batched, at).latencies)).toBeLessThan(3);
  });

  it('is held back by the orchestrators where they run too few at a time', () => {
    const wide: Mesh = { ...single, maxBatch: 8, scaling: { ...fixed, min: 8, max: 8 } };
    const at = poisson(6, 1_000, 4);
    expect(mean(simulate({ ...wide, concurrency: 2 }, at).latencies)).toBeGreaterThan(100);
    expect(mean(simulate({ ...wide, concurrency: 64 }, at).latencies)).toBeLessThan(3);
  });

  it('follows a burst up and, after the window, down again', () => {
    const scaling = { ...fixed, max: 16, jobsPerReplica: 4, scaleDownSeconds: 120 };
    const rate = (t: number) => (t > 600 && t < 1_200 ? 6 : 0.3);
    const { mostReplicas, replicaSeconds, endSeconds, latencies } = simulate(
      { ...single, scaling },
      poisson(7, 3_600, 6, rate),
    );
    expect(mostReplicas).toBeGreaterThanOrEqual(6);
    expect(replicaSeconds / endSeconds).toBeLessThan(mostReplicas / 2);
    expect(latencies.every((seconds) => seconds >= 1)).toBe(true);
  });
});

describe('the autoscaler', () => {
  it('doubles at most every 15 s, keeps to its bounds and comes down one a minute', () => {
    const scaler = new Autoscaler({ ...fixed, max: 10, jobsPerReplica: 1, scaleDownSeconds: 0 });
    expect([0, 5, 15, 30, 45].map((at) => scaler.poll(at, 100))).toEqual([3, 3, 6, 10, 10]);
    expect([100, 130, 160, 220].map((at) => scaler.poll(at, 0))).toEqual([9, 9, 8, 7]);
  });

  it('does not come down while more was wanted within the window', () => {
    const scaler = new Autoscaler({ ...fixed, max: 4, jobsPerReplica: 1 });
    scaler.poll(0, 4);
    scaler.poll(15, 4);
    expect(scaler.poll(200, 0)).toBe(4);
    expect(scaler.poll(400, 0)).toBe(3);
  });
});
