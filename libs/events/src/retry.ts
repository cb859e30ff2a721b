/** Patience with a NATS server that restarts: the one retry layer of this library. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventsError } from './errors.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Result of `attempt`, tried again while NATS is unavailable and less than `patienceMs` have passed. Every caller's
 * attempt is safe to repeat: publishing carries a message id, a write its expected revision.
 * Throws EventsError.
 */
export async function retrying<T>(doing: string, patienceMs: number, attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (cause) {
      const error = EventsError.from(cause, doing);
      if (error.code !== 'unavailable' || performance.now() + pause > end) throw error;
      await sleep(pause);
    }
  }
}
