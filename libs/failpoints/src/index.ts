/** Places at which tests can make a process die, fail or wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failpoint } from './names.ts';
import { type Plan, parsePlan } from './plan.ts';

export { FAILPOINTS, type Failpoint } from './names.ts';

/** Thrown by the action `error`; its code makes it look like a lost connection, which callers must live with. */
export class FailpointError extends Error {
  readonly code = 'EFAILPOINT';
}

const plan = planOf(process.env);
const hits = new Map<Failpoint, number>();

/** Nothing, unless a test planned something for this place. */
export function failpoint(name: Failpoint): Promise<void> | undefined {
  return plan && act(plan, name);
}

/** A variable that reached production by mistake must not lie in wait there: the process does not start. */
function planOf({ ATELIER_FAILPOINTS, NODE_ENV }: NodeJS.ProcessEnv): Plan | undefined {
  if (!ATELIER_FAILPOINTS) return undefined;
  if (NODE_ENV !== 'test') throw new Error('ATELIER_FAILPOINTS is for tests: it needs NODE_ENV=test');
  return parsePlan(ATELIER_FAILPOINTS);
}

async function act(plan: Plan, name: Failpoint): Promise<void> {
  const planned = plan.get(name);
  if (!planned) return;
  const hit = (hits.get(name) ?? 0) + 1;
  hits.set(name, hit);
  if (planned.hit !== undefined && planned.hit !== hit) return;
  const { action } = planned;
  if (action.kind === 'delay') await sleep(action.ms);
  else if (action.kind === 'error') throw new FailpointError(`failpoint ${name}`);
  else {
    process.kill(process.pid, 'SIGKILL');
    // Until the signal arrives nothing more may happen.
    await new Promise(() => {});
  }
}
