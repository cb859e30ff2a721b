import { PRIORITIES } from '@atelier/rpc';
import { expect, test } from 'vitest';
import { drain, job, step, type TestJob, uniform } from './policy.fixture.ts';
import { CLASS_WEIGHTS, FairPolicy, nextBatch, PATIENCE } from './policy.ts';

test('a caller of many pictures and one of a single picture get the same time', () => {
  const policy = new FairPolicy<TestJob>();
  const crowd = Array.from({ length: 10 }, () => job('crowd', 100));
  const single = job('single', 100);
  for (const one of [...crowd, single]) policy.add(one);
  const ends = drain(policy);
  expect(ends.get(single)).toBeLessThanOrEqual(201);
});

test('weights of callers and classes are shares of the time', () => {
  const policy = new FairPolicy<TestJob>((name) => (name === 'heavy' ? 3 : 1));
  const jobs = ['heavy', 'light', 'x:interactive', 'y:batch'].map((who) => job(who, 1e6));
  for (const one of jobs) policy.add(one);
  const total = 10_000;
  for (let i = 0; i < total; i++) step(policy);
  const given = Object.fromEntries(jobs.map(({ name, workMs }) => [name, (1e6 - workMs) / total]));
  const sum = PRIORITIES.reduce((all, priority) => all + CLASS_WEIGHTS[priority], 0);
  expect(given['x:interactive']).toBeCloseTo(CLASS_WEIGHTS.interactive / sum, 2);
  expect(given['y:batch']).toBeCloseTo(CLASS_WEIGHTS.batch / sum, 2);
  expect((given.heavy ?? 0) / (given.light ?? 1)).toBeCloseTo(3, 1);
});

test('within a caller the least remaining work goes first, and keeps its turn', () => {
  const policy = new FairPolicy<TestJob>();
  const [long, short, other] = [job('a', 50), job('a', 4), job('a', 5)];
  for (const one of [long, short, other]) policy.add(one);
  const ends = drain(policy);
  expect([short, other, long].map((one) => ends.get(one))).toEqual([4, 9, 59]);
});

test('nobody starves: a long picture under an endless stream of short ones ends within the stated bound', () => {
  const work = 50;
  const policy = new FairPolicy<TestJob>();
  const long = job('a', work);
  policy.add(long);
  let shorts = 0;
  let now = 0;
  for (; long.workMs > 0 && now < 10_000; now++) {
    if (now % 4 === 0) {
      policy.add(job('a', 4));
      shorts++;
    }
    step(policy);
  }
  expect(shorts).toBeGreaterThan(PATIENCE);
  // At most one short is in hand at a time, so n = 2.
  expect(now).toBeLessThanOrEqual((PATIENCE + 2) * work);
});

test.each(Array.from({ length: 30 }, (_, seed) => seed))(
  'random arrivals %i: every job ends within the bound, and predictions of its end are not exceeded without arrivals',
  (seed) => {
    const random = uniform(seed);
    const policy = new FairPolicy<TestJob>((name) => Number(name.slice(1)) + 1);
    const callers = ['c0', 'c1', 'c2:interactive', 'c3:batch'];
    const most = 12;
    const bounds = new Map<TestJob, { caller: string; givenAt: number; bound: number }>();
    const given = new Map<string, number>();
    let checked = 0;
    for (let now = 0; now < 3_000; now++) {
      const size = [...policy.jobs].length;
      if (size < most && random() < 0.15) {
        const arrival = job(callers[Math.floor(random() * 4)] as string, 1 + Math.floor(random() ** 3 * 60));
        const ahead = [...policy.jobs].filter(({ name }) => name === arrival.name);
        const bound = ahead.reduce((sum, { workMs }) => sum + workMs, 0) + (PATIENCE + most) * arrival.workMs;
        bounds.set(arrival, { caller: arrival.name, givenAt: given.get(arrival.name) ?? 0, bound });
        policy.add(arrival);
      }
      const served = step(policy);
      if (!served) continue;
      given.set(served.name, (given.get(served.name) ?? 0) + 1);
      if (served.workMs > 0) continue;
      const { caller, givenAt, bound } = bounds.get(served) as {
        caller: string;
        givenAt: number;
        bound: number;
      };
      expect((given.get(caller) ?? 0) - givenAt).toBeLessThanOrEqual(bound);
      checked++;
    }
    expect(checked).toBeGreaterThan(50);
    const predicted = new Map([...policy.jobs].map((one) => [one, policy.finishMs(one)]));
    const slackMs = 1 + CLASS_WEIGHTS.interactive + 8; // turns are whole steps, the prediction is a fluid
    for (const [one, end] of drain(policy))
      expect(end).toBeLessThanOrEqual((predicted.get(one) ?? 0) + slackMs);
  },
);

test('while several callers have work, none gets ahead of another by more than a step each', () => {
  const policy = new FairPolicy<TestJob>();
  const random = uniform(9);
  const given: Record<string, number> = { a: 0, b: 0, c: 0 };
  const longest = 5;
  for (const who of Object.keys(given)) policy.add(job(who, 1e9));
  for (let i = 0; i < 5_000; i++) {
    const ms = 1 + Math.floor(random() * longest);
    const served = step(policy, ms) as TestJob;
    given[served.name] = (given[served.name] ?? 0) + ms;
    const amounts = Object.values(given);
    expect(Math.max(...amounts) - Math.min(...amounts)).toBeLessThanOrEqual(2 * longest);
  }
});

test('a batch is led by the next job and joined by those of its key, in their order', () => {
  const policy = new FairPolicy<TestJob>();
  const jobs = [job('a', 9), job('a', 3, { key: 'other' }), job('a', 4), job('a', 2)];
  for (const one of jobs) policy.add(one);
  expect(nextBatch(policy).map(({ workMs }) => workMs)).toEqual([2, 4, 9]);
});
