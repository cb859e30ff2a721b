/** The figures that every scenario has. */
import { readAudit } from './audit.ts';
import { checkHistory, type Violation } from './check-history.ts';
import { stateName } from './history.ts';
import type { LoadResult } from './load.ts';

export interface Figures {
  generations: number;
  /** By final state, FAILED with its reason. */
  ends: Record<string, number>;
  /** Accepted generations that never ended. */
  lost: number;
  /** Requests with two generations, ends told twice, or two different ends. */
  duplicated: number;
  /** Everything else that a history must not have. */
  otherViolations: number;
  /** Generations that more than one attempt was made at. */
  takenOver: number;
  /** Calls that the client library's own retries did not save, by reason. DRAINING: a watch that goes on at another replica. */
  failedCalls: Record<string, number>;
  /** Generations that were not followed to their end. */
  abandoned: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  /** Longest time without any generation ending, milliseconds. */
  longestSilenceMs: number;
  /** The first few, for whoever looks for the reason. */
  violations: Violation[];
}

const DUPLICATES = new Set(['duplicated', 'told-twice', 'two-endings']);

/** Look into the store and judge what was seen; records of other loads are theirs to judge, but must end too. */
export async function judge(load: LoadResult, natsUrl: string): Promise<Figures> {
  const violations = checkHistory(load.history.observations, await readAudit(natsUrl));
  const lost = violations.filter(({ rule }) => rule === 'lost').length;
  const duplicated = violations.filter(({ rule }) => DUPLICATES.has(rule)).length;
  const ends: Record<string, number> = {};
  for (const { state, result } of load.ends) {
    const why = result.case === 'error' ? ` ${result.value.message.slice(0, 60)}` : '';
    const end = `${stateName(state)}${why}`;
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return {
    generations: load.ends.length,
    ends,
    lost,
    duplicated,
    otherViolations: violations.length - lost - duplicated,
    takenOver: load.ends.filter(({ attempt }) => attempt > 1).length,
    failedCalls: load.failedCalls,
    abandoned: load.abandoned.length,
    seconds: Math.round((load.endedAtMs.at(-1) ?? 0) / 1_000),
    p50Ms: Math.round(quantile(load.latenciesMs, 0.5)),
    p99Ms: Math.round(quantile(load.latenciesMs, 0.99)),
    longestSilenceMs: Math.round(longestGap(load.endedAtMs)),
    violations: violations.slice(0, 10),
  };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

export function longestGap(times: readonly number[]): number {
  return times.reduce((longest, time, i) => Math.max(longest, time - (times[i - 1] ?? time)), 0);
}
