/** What the kernel says of a process (Linux). */
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';

/** Kernel ticks a second, as Linux shows them to programs. */
const TICKS = 100;

/** Processor time of all its threads so far, milliseconds. */
export function cpuMs(pid: number): number {
  // The second field is the program's name in parentheses, and may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** Resident set, MiB. */
export const rssMb = (pid: number): number => kb(pid, 'status', 'VmRSS') / 1024;

/** The largest resident set it ever had, MiB. */
export const peakRssMb = (pid: number): number => kb(pid, 'status', 'VmHWM') / 1024;

/** Files, sockets and pipes that it has open. */
export const openHandles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Its part of the machine's memory, MiB: pages that it shares, such as Node.js itself, divided among those that do. */
export const pssMb = (pid: number): number => kb(pid, 'smaps_rollup', 'Pss') / 1024;

/**
 * Gives the threads that a process has now at least a niceness, which on Linux is each thread's own; threads to come have that of
 * whichever starts them. Does nothing elsewhere.
 */
export function renice(pid: number, niceness: number): void {
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync(`/proc/${pid}/task`).map(Number)) {
    try {
      if (os.getPriority(thread) < niceness) os.setPriority(thread, niceness);
    } catch {
      // It ended meanwhile.
    }
  }
}

function kb(pid: number, file: string, field: string): number {
  return Number(
    new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1],
  );
}
