/** Further chances for calls that may have gone to a replica that hangs: the hedged requests of Dean and Barroso 2013. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Requests in all: with two replicas, one of them stopped, seven of eight calls have met the other by then, however they mix. */
const ATTEMPTS = 3;
const LATE = Symbol('late');

/**
 * What `call` answers; made again each time that nothing has come for `afterMs`, and whichever answers first counts. A failure before
 * the second is made is final, as is the first's when all fail. Calls that aren't needed any more are aborted.
 * @param connected whether there is anybody to ask: where nobody is, the retries of the call in hand are all that helps.
 */
export async function hedged<T>(
  call: (over: AbortSignal) => Promise<T>,
  afterMs: number,
  connected: () => boolean = () => true,
): Promise<T> {
  const over = new AbortController();
  const { signal } = over;
  const calls = [call(signal)];
  try {
    for (;;) {
      const [first] = calls as [Promise<T>];
      const answer = calls.length === 1 ? first : Promise.any(calls).catch(() => first);
      if (calls.length === ATTEMPTS) return await answer;
      const early = await Promise.race([answer, sleep(afterMs, LATE, { signal, ref: false })]);
      if (early !== LATE) return early;
      if (connected()) calls.push(call(signal));
    }
  } finally {
    over.abort();
  }
}
