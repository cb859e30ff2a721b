/** Garbage that V8 would keep for long, given back: what starting leaves behind, and the buffers of pictures. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Options = { execution: 'sync' } & ({ type: 'minor' } | { type: 'major'; flavor: 'last-resort' });

/** How much memory outside the heap may come to be before it is looked at whether anybody still holds it, bytes. */
const GROWTH = 8 * 2 ** 20;
const LOOK_EVERY_MS = 100;

/**
 * Collects all garbage and what V8 keeps in case it is wanted again, and shrinks the heap: 10 to 50 MB of parsed models, word lists and
 * libraries' beginnings. Blocks for 50 to 150 ms; V8 itself would wait until the heap has grown to twice its size, and a service
 * that answers from typed arrays never gets there.
 */
export function collectGarbage(): void {
  collector()({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/**
 * Collects young garbage whenever memory outside the heap has grown: V8 lets tens of megabytes of buffers lie before it looks, since
 * few of their bytes are its own. Ends with the process.
 */
export function collectDeadBuffers(): void {
  const collect = collector();
  let least = getHeapStatistics().external_memory;
  setInterval(() => {
    const now = getHeapStatistics().external_memory;
    if (now < least + GROWTH) {
      least = Math.min(least, now);
      return;
    }
    collect({ type: 'minor', execution: 'sync' });
    least = getHeapStatistics().external_memory;
  }, LOOK_EVERY_MS).unref();
}

function collector(): (options: Options) => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: Options) => void;
  setFlagsFromString('--no-expose-gc'); // nobody else is to call it
  return collect;
}
