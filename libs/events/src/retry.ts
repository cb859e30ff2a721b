/** Patience with a NATS server that restarts: the one retry layer of this library. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventsError } from './errors.ts';
import type { Link } from './link.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Result of `attempt`, which is told whether it was tried before. Throws EventsError. */
export type Retrying = <T>(
  doing: string,
  patienceMs: number,
  attempt: (again: boolean) => Promise<T>,
) => Promise<T>;

/**
 * Tries again while NATS is unavailable and less than `patienceMs` have passed. Every caller's attempt is safe to repeat: publishing
 * carries a message id, a write its expected revision.
 */
export const retrying: Retrying = async (doing, patienceMs, attempt) => {
  const end = performance.now() + patienceMs;
  let pause = FIRST_PAUSE_MS;
  for (let again = false; ; again = true) {
    try {
      return await attempt(again);
    } catch (cause) {
      const error = EventsError.from(cause, doing);
      if (error.code !== 'unavailable' || performance.now() + pause > end) throw error;
      await sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }
};

/**
 * The same over a connection that is followed: what is under way when it is lost is given up then and not when its time is out, and
 * tried again when the server is back and not when the pause is over. Throws at once when the connection is closed.
 */
export const retryingOver =
  (link: Link): Retrying =>
  async (doing, patienceMs, attempt) => {
    const end = performance.now() + patienceMs;
    return await retrying(doing, patienceMs, async (again) => {
      const leftMs = Math.min(end - performance.now(), LONGEST_TIMER_MS);
      if (!link.up) await link.returned(AbortSignal.timeout(Math.max(0, Math.floor(leftMs))));
      if (link.closed) throw new EventsError('invalid', `${doing}: the connection is closed`);
      if (!link.up) throw new EventsError('unavailable', `${doing}: no server is connected`);
      return await unlessLost(link, doing, attempt(again));
    });
  };

const LONGEST_TIMER_MS = 2 ** 31 - 1;

async function unlessLost<T>(link: Link, doing: string, work: Promise<T>): Promise<T> {
  let forget = () => {};
  const lost = new Promise<never>((_, reject) => {
    const give = (): void => reject(new EventsError('unavailable', `${doing}: the connection was lost`));
    forget = link.onLoss(give);
  });
  try {
    return await Promise.race([work, lost]);
  } finally {
    forget();
  }
}
