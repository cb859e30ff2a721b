/** V8's helper threads, which mark and move what the collection of garbage keeps, behind the thread that answers calls. */
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** What V8 calls its helpers. */
const NAME = 'V8Worker';
/** How much nicer than the main thread they are. */
const BEHIND = 10;
const NICEST = 19;

/**
 * V8 has four helpers whatever the machine: on two cores a large collection takes both of them from everybody who answers, for tens
 * of milliseconds. Behind them it takes longer and nobody waits for it. Linux alone has a niceness for each thread; elsewhere, and
 * where /proc can't be read, nothing changes. @returns the number of helpers
 */
export function stepHelpersBehind(): number {
  if (process.platform !== 'linux') return 0;
  const niceness = Math.min(os.getPriority() + BEHIND, NICEST);
  const helpers = threads().filter(({ name }) => name === NAME);
  for (const { id } of helpers) os.setPriority(id, niceness);
  return helpers.length;
}

/** The process's threads by what they call themselves. */
function threads(): { id: number; name: string }[] {
  const folder = '/proc/self/task';
  try {
    return readdirSync(folder).map((id) => {
      return { id: Number(id), name: readFileSync(`${folder}/${id}/comm`, 'utf8').trim() };
    });
  } catch {
    return []; // a thread that ended meanwhile, or no /proc
  }
}
