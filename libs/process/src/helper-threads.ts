/** V8's helper threads, which mark and move what the collection of garbage keeps, behind the thread that answers calls. */
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** What V8 calls its helpers. */
const NAME = 'V8Worker';
/** How much nicer than the main thread they are. */
const BEHIND = 10;
const NICEST = 19;
const THREADS = '/proc/self/task';

/**
 * Node.js gives V8 four helpers whatever the machine: on two cores a large collection takes both of them from everybody who answers, for tens
 * of milliseconds. Behind them it takes longer and nobody waits for it. Linux alone has a niceness for each thread; elsewhere, and
 * in a sandbox that forbids it, nothing changes. @returns the number of helpers that stepped behind
 */
export function stepHelpersBehind(): number {
  if (process.platform !== 'linux') return 0;
  const niceness = Math.min(os.getPriority() + BEHIND, NICEST);
  let stepped = 0;
  for (const thread of threads()) {
    try {
      if (readFileSync(`${THREADS}/${thread}/comm`, 'utf8').trim() !== NAME) continue;
      os.setPriority(Number(thread), niceness);
      stepped++;
    } catch {
      // It ended meanwhile, or is not to be changed here.
    }
  }
  return stepped;
}

function threads(): string[] {
  try {
    return readdirSync(THREADS);
  } catch {
    return []; // no /proc
  }
}
