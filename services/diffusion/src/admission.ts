import type { Job, Policy } from './policy.ts';

/** A job with the time by which its caller wants it. */
export interface Promised extends Job {
  /** Milliseconds on the clock of `nowMs`; Infinity for none. */
  readonly deadlineMs: number;
  /** Whether compute time was spent on it. */
  readonly begun: boolean;
}

/** Why a newcomer isn't taken in, and when it may try again. */
export interface Refusal {
  /** QUEUE_FULL: no room. DEADLINE_TOO_SHORT: it would be late. CAPACITY_PROMISED: it would make another one late. */
  readonly reason: 'QUEUE_FULL' | 'DEADLINE_TOO_SHORT' | 'CAPACITY_PROMISED';
  readonly message: string;
  /** By the predicted times, milliseconds, > 0. */
  readonly retryAfterMs: number;
}

/**
 * What the predicted wait for others is multiplied by: a shared machine's speed wavers by about that, and a promise broken
 * is work wasted, while a refusal under load costs no throughput: somebody else's picture is in hand. At five times the capacity
 * 2 wasted 5 to 15 % of all steps, 3 wastes 2 to 3, and 4 refuses more than it saves.
 * The newcomer's own work isn't, so that an idle service refuses nothing that it can do.
 */
const MARGIN = 3;
/** Least wait that a refused caller is told, milliseconds. */
const MIN_RETRY_MS = 100;

/** What there is to be admitted to. */
export interface Room {
  /** Jobs in hand at once. */
  readonly maxJobs: number;
  readonly nowMs: number;
  /** Parts that the machine's compute time is given out in while several jobs are in hand: one job gets one part. Default 1. */
  readonly lanes?: number;
}

/**
 * Takes `newcomer` into the policy, or says why not: when there is no room, when it would be late, or when one that was
 * promised to be in time would be late because of it. A caller may hold as many pictures as there are free places left
 * (Choudhury & Hahne 1998, α = 1), so one alone fills half the room and never shuts the others out.
 */
export function admit<J extends Promised>(
  policy: Policy<J>,
  newcomer: J,
  { maxJobs, nowMs, lanes = 1 }: Room,
): Refusal | undefined {
  const jobs = [...policy.jobs];
  const own = jobs.filter(({ caller }) => caller.name === newcomer.caller.name);
  const free = maxJobs - jobs.length;
  if (free <= 0 || (own.length > 0 && own.length >= free)) {
    const holders = free <= 0 ? jobs : own;
    return refusal(
      'QUEUE_FULL',
      `${jobs.length} of ${maxJobs} pictures are being drawn, ${own.length} of them for this caller`,
      Math.min(...holders.map((job) => policy.finishMs(job))),
    );
  }
  const parts = jobs.length > 0 ? lanes : 1;
  const needs = ({ workMs }: J, finishMs: number): number =>
    Math.max(parts * workMs, workMs + MARGIN * (finishMs - workMs));
  const late = (job: J): number => nowMs + needs(job, policy.finishMs(job)) - job.deadlineMs;
  const inTime = jobs.filter((job) => late(job) <= 0);
  policy.add(newcomer);
  const newcomerLate = late(newcomer);
  const othersLate = Math.max(0, ...inTime.map(late));
  if (newcomerLate <= 0 && othersLate <= 0) return undefined;
  const needsMs = Math.ceil(needs(newcomer, policy.finishMs(newcomer)));
  policy.remove(newcomer);
  // While the others are served a millisecond, the wait for them with its margin shrinks by MARGIN of them.
  if (newcomerLate > 0) {
    const leaves = Math.floor(newcomer.deadlineMs - nowMs);
    const message = `The picture needs about ${needsMs} ms, its deadline leaves ${leaves} ms`;
    return refusal('DEADLINE_TOO_SHORT', message, newcomerLate / MARGIN);
  }
  return refusal('CAPACITY_PROMISED', 'Pictures in hand would be late', othersLate / MARGIN);
}

/** A job that is given up, and why. */
export interface GivenUp<J> {
  readonly job: J;
  readonly refusal: Refusal;
}

/**
 * Jobs that were admitted and, the machine having got slower, can't be in time any more: those whose own work is more than the
 * time left, and those not begun that would be late by the queue ahead. What they would take, the others get. Alone a job is
 * never given up: nobody would gain by it.
 */
export function hopeless<J extends Promised>(policy: Policy<J>, nowMs: number): GivenUp<J>[] {
  const jobs = [...policy.jobs];
  if (jobs.length < 2) return [];
  return jobs.flatMap((job) => {
    if (job.deadlineMs === Number.POSITIVE_INFINITY) return [];
    const needsMs = job.begun ? job.workMs : policy.finishMs(job);
    const lateMs = nowMs + needsMs - job.deadlineMs;
    if (lateMs <= 0) return [];
    const message = `The machine got slower: the picture would be ${Math.ceil(lateMs)} ms late`;
    return [{ job, refusal: refusal('DEADLINE_TOO_SHORT', message, lateMs) }];
  });
}

function refusal(reason: Refusal['reason'], message: string, waitMs: number): Refusal {
  return { reason, message, retryAfterMs: Math.max(MIN_RETRY_MS, Math.ceil(waitMs)) };
}
