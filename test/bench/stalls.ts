/** How quiet the machine is: a 99th percentile of milliseconds says nothing where the host takes the core for ten. */

/** Shorter gaps are interrupts and collections of garbage. */
const STALL_MS = 1.5;

export interface Stalls {
  /** Share of the time, 0 to 1, in which a process that only looks at the clock was kept from it. */
  share: number;
  /** Milliseconds. */
  longestMs: number;
}

/** Looks at the clock without a pause, on a machine that has nothing else to do. Blocks. */
export function machineStalls(seconds: number): Stalls {
  const began = performance.now();
  let [last, lost, longestMs] = [began, 0, 0];
  while (last < began + seconds * 1000) {
    const now = performance.now();
    if (now - last > STALL_MS) {
      lost += now - last;
      longestMs = Math.max(longestMs, now - last);
    }
    last = now;
  }
  return { share: lost / (last - began), longestMs };
}
