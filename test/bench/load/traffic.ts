/** Requests as they come: Poisson arrivals of a mix of step counts, and closed loops. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrival } from './arrivals.ts';

export interface Done {
  readonly steps: number;
  /** From its arrival to its picture, milliseconds. */
  readonly latencyMs: number;
}

export type DrawOne = (steps: number, seed: number) => Promise<unknown>;

/** Sends each arrival at its time and waits for all. */
export async function open(arrivals: readonly Arrival[], draw: DrawOne): Promise<Done[]> {
  const began = performance.now();
  return await Promise.all(
    arrivals.map(async ({ atMs, steps }, seed) => {
      await sleep(Math.max(0, began + atMs - performance.now()));
      const sent = performance.now();
      await draw(steps, seed);
      return { steps, latencyMs: performance.now() - sent };
    }),
  );
}

/** Keeps `concurrency` requests in hand until all pictures are done. @returns denoising steps a second. */
export async function closed(
  concurrency: number,
  { pictures, steps }: { readonly pictures: number; readonly steps: number },
  draw: DrawOne,
): Promise<number> {
  let next = 0;
  const began = performance.now();
  const worker = async (): Promise<void> => {
    for (let index = next++; index < pictures; index = next++) await draw(steps, index);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return ((pictures * steps) / (performance.now() - began)) * 1000;
}
