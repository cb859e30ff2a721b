/** Waiting for what another process does. */
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * The first truthy result of `look`, asked every 20 ms. Rejects with `what` and the last result after `timeoutMs`
 * (default 10,000), or with what `look` threw.
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T> | T,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const result = await look();
    if (result) return result;
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms (${String(result)})`);
    await sleep(POLL_MS);
  }
}
