/** Random numbers by name. */
import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on seed and name only: one stream for each choice, alike on every machine. */
export function uniform(seed: number, name: string): number {
  return createHash('sha256').update(`${seed}/${name}`).digest().readUInt32BE() / 2 ** 32;
}

/** The item at a share 0 ≤ u < 1 of a list; undefined for an empty one. */
export const pick = <T>(items: readonly T[], u: number): T | undefined => items[Math.floor(u * items.length)];
