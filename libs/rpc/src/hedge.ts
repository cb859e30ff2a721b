/** A second chance for calls whose first may have gone to a replica that hangs: the hedged request of Dean and Barroso 2013. */
import { setTimeout as sleep } from 'node:timers/promises';

const LATE = Symbol('late');

/**
 * What `call` answers; made a second time when it has not ended within `afterMs`, and whichever answers first counts. A failure
 * before then is final, as it is when both fail: the first's. The call that isn't needed any more is aborted.
 */
export async function hedged<T>(call: (over: AbortSignal) => Promise<T>, afterMs: number): Promise<T> {
  const over = new AbortController();
  const { signal } = over;
  const first = call(signal);
  try {
    const early = await Promise.race([first, sleep(afterMs, LATE, { signal, ref: false })]);
    if (early !== LATE) return early;
    const second = call(signal);
    return await Promise.any([first, second]).catch(() => first);
  } finally {
    over.abort();
  }
}
