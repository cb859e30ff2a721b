import { expect, test } from 'vitest';
import { admit, hopeless } from './admission.ts';
import { drain, job, type TestJob, uniform } from './policy.fixture.ts';
import { FairPolicy } from './policy.ts';

const room = { maxJobs: 16, nowMs: 0 };

test('a picture that cannot be in time is refused, and told when it could', () => {
  const policy = new FairPolicy<TestJob>();
  expect(admit(policy, job('a', 1000), room)).toBeUndefined();
  const refusal = admit(policy, job('b', 1000, { deadlineMs: 1_500 }), room);
  // 1,000 ms of its own, and as much of the other's with the margin of 3: of those 167 fit, when 834 are done.
  expect(refusal).toMatchObject({ reason: 'DEADLINE_TOO_SHORT', retryAfterMs: 834 });
  expect([...policy.jobs]).toHaveLength(1);
  expect(admit(policy, job('b', 1000, { deadlineMs: 4_000 }), room)).toBeUndefined();
});

test('the queue ahead counts as the policy serves it, not as a line', () => {
  const policy = new FairPolicy<TestJob>();
  expect(admit(policy, job('a', 1000), room)).toBeUndefined();
  expect(admit(policy, job('a', 50, { deadlineMs: 250 }), room)).toBeUndefined();
  expect(admit(policy, job('b', 50, { deadlineMs: 250 }), room)).toBeUndefined();
});

test('what was promised is kept: a newcomer that would make another late is refused', () => {
  const policy = new FairPolicy<TestJob>();
  expect(admit(policy, job('a', 1000, { deadlineMs: 1200 }), room)).toBeUndefined();
  expect(admit(policy, job('b', 1000), room)).toMatchObject({
    reason: 'CAPACITY_PROMISED',
    retryAfterMs: 934,
  });
  // One that is late anyway keeps nobody out.
  expect(admit(policy, job('b', 1000), { ...room, nowMs: 500 })).toBeUndefined();
});

test('room is bounded, and one caller alone fills half of it', () => {
  const policy = new FairPolicy<TestJob>();
  const taken = (who: string) => {
    for (let count = 0; ; count++) {
      const refusal = admit(policy, job(who, 10), room);
      if (refusal) {
        expect(refusal).toMatchObject({ reason: 'QUEUE_FULL', retryAfterMs: expect.any(Number) });
        return count;
      }
    }
  };
  expect(taken('greedy')).toBe(8);
  expect(taken('second')).toBe(4);
  expect(taken('third')).toBe(2);
  for (let other = 0; other < 2; other++) expect(taken(`late${other}`)).toBe(1);
  expect(taken('too late')).toBe(0);
});

test('beside others a picture gets one of the parts of the machine, alone all of it', () => {
  const policy = new FairPolicy<TestJob>();
  const lanes = { ...room, lanes: 2 };
  expect(admit(policy, job('a', 100, { deadlineMs: 110 }), lanes)).toBeUndefined();
  // It would go first, and yet take twice its time.
  expect(admit(policy, job('a', 1, { deadlineMs: 1.5 }), lanes)).toMatchObject({ retryAfterMs: 100 });
  expect(admit(policy, job('a', 1, { deadlineMs: 6 }), lanes)).toBeUndefined();
});

test('when the machine gets slower, what can no longer be in time is given up, and nothing else', () => {
  const policy = new FairPolicy<TestJob>();
  const jobs = {
    begun: job('a', 100, { deadlineMs: 150, begun: true }),
    waiting: job('b', 100, { deadlineMs: 250 }),
    patient: job('c', 100),
  };
  for (const one of Object.values(jobs)) policy.add(one);
  expect(hopeless(policy, 0)).toMatchObject([{ job: jobs.waiting, refusal: { retryAfterMs: 100 } }]);
  expect(hopeless(policy, 60).map(({ job }) => job.name)).toEqual(['a', 'b']);
  policy.remove(jobs.waiting);
  policy.remove(jobs.patient);
  expect(hopeless(policy, 60)).toEqual([]);
});

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'random arrivals %i: all that were admitted are in time',
  (seed) => {
    const random = uniform(seed);
    const policy = new FairPolicy<TestJob>();
    const admitted: TestJob[] = [];
    for (let i = 0; i < 60; i++) {
      const workMs = 10 + Math.floor(random() * 200);
      const newcomer = job(`c${Math.floor(random() * 4)}`, workMs, {
        deadlineMs: workMs * (1 + random() * 8),
      });
      if (!admit(policy, newcomer, room)) admitted.push(newcomer);
    }
    expect(admitted.length).toBeGreaterThan(2);
    // Turns are whole steps where the prediction is a fluid: late by a step of each caller at most.
    for (const [one, end] of drain(policy)) expect(end).toBeLessThanOrEqual(one.deadlineMs + 4);
  },
);
