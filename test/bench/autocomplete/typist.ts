/** Types at a rate against an autocomplete service, whose address is the argument: a `Half[]` comes in, an `Asked` goes out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AutocompleteService } from '@atelier/contracts';
import { createClient } from '@atelier/rpc';
import { type Half, isHit } from './halves.ts';

export interface Asked {
  /** Milliseconds of each call. */
  times: number[];
  /** Share of halves whose next word was among the suggestions. */
  hitRate: number;
  failed: number;
}

const RATE_PER_SECOND = 200;

const client = createClient(AutocompleteService, { address: process.argv[2] ?? '' });
process.on('message', async (halves: Half[]) => {
  globalThis.gc?.(); // a large collection while it types would be measured as the services' time
  process.send?.(await atRate(halves));
});
process.once('disconnect', () => client.close());

/** Each half at its time, whether or not the ones before are answered. */
async function atRate(halves: readonly Half[]): Promise<Asked> {
  const times: number[] = [];
  let [hits, failed] = [0, 0];
  const one = async (half: Half): Promise<void> => {
    const began = performance.now();
    const answer = await client.suggestPrompts({ prefix: half.prefix, limit: 5 }).catch(() => undefined);
    times.push(performance.now() - began);
    if (!answer) failed++;
    else if (isHit(answer.suggestions, half)) hits++;
  };
  const began = performance.now();
  const asked = [];
  for (const [i, half] of halves.entries()) {
    const wait = began + (1000 * i) / RATE_PER_SECOND - performance.now();
    if (wait > 1) await sleep(wait);
    asked.push(one(half));
  }
  await Promise.all(asked);
  return { times, hitRate: hits / halves.length, failed };
}
