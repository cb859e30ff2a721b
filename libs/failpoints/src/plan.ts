/** What is to happen at which failpoint. Pure. */
import { FAILPOINTS, type Failpoint } from './names.ts';

export type Action = { kind: 'crash' } | { kind: 'error' } | { kind: 'delay'; ms: number };

export interface Planned {
  action: Action;
  /** Which time only, from 1; undefined: every time. */
  hit?: number;
}

export type Plan = ReadonlyMap<Failpoint, Planned>;

/** A plan like "job.ack.before=crash@2;picture.put.after=delay:500". Throws RangeError naming the part that is none. */
export function parsePlan(text: string): Plan {
  const plan = new Map<Failpoint, Planned>();
  for (const part of text.split(';').map((part) => part.trim())) {
    if (part === '') continue;
    const [, name, kind, ms, hit] =
      /^([a-z.]+)=(crash|error|delay:(\d{1,6}))(?:@([1-9]\d{0,5}))?$/.exec(part) ?? [];
    const failpoint = FAILPOINTS.find((known) => known === name);
    if (!failpoint || !kind)
      throw new RangeError(`ATELIER_FAILPOINTS: "${part}" is no failpoint with an action`);
    const action: Action = ms ? { kind: 'delay', ms: Number(ms) } : { kind: kind as 'crash' | 'error' };
    plan.set(failpoint, { action, ...(hit && { hit: Number(hit) }) });
  }
  return plan;
}
