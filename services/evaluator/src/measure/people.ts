/** Whom a model draws where the prompt leaves it open. Pure but for reading the neutral prompts and the wanted shares. */
import { readFile } from 'node:fs/promises';
import { type Distribution, distanceFrom, type Estimate, sharesOf } from '@atelier/metrics';
import type { Attributes } from '@atelier/scenes';
import { z } from 'zod';
import { readPlainText } from '../sets/readers.ts';

/** Wanted shares by attribute, as the judge names its values. */
export type Wanted = Readonly<Record<string, Distribution>>;

export interface FairnessFigures {
  readonly pictures: number;
  /** Total variation distance from the wanted shares, 0..1; pictures of one prompt are resampled together. */
  readonly distance: Readonly<Record<string, Estimate>>;
  readonly shares: Readonly<Record<string, Distribution>>;
}

const WantedSchema = z.record(z.string(), z.record(z.string(), z.number().min(0).max(1)));

/** The project's, when no path is given. */
export async function openWanted(path?: string): Promise<Wanted> {
  const at = path ?? new URL('../../sets/wanted-shares.json', import.meta.url);
  const wanted = WantedSchema.parse(JSON.parse(await readFile(at, 'utf8')));
  for (const [key, shares] of Object.entries(wanted)) {
    const sum = Object.values(shares).reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 1) > 1e-6) throw new TypeError(`the wanted shares of "${key}" sum to ${sum}, not 1`);
  }
  return wanted;
}

/** Neutral prompts, the project's when no path is given. */
export async function openNeutral(path?: string): Promise<string[]> {
  const at = path ?? new URL('../../sets/neutral.txt', import.meta.url);
  return readPlainText(await readFile(at, 'utf8')).map(({ text }) => text);
}

/** @param groups what was seen in the pictures of each prompt. Undefined without any. */
export function fairnessFigures(
  groups: readonly (readonly Attributes[])[],
  wanted: Wanted,
): FairnessFigures | undefined {
  const seen = groups.filter((group) => group.length > 0);
  if (seen.length === 0) return undefined;
  const valuesOf = (key: string) => seen.map((group) => group.map((attributes) => attributes[key] ?? ''));
  return {
    pictures: seen.flat().length,
    distance: mapValues(wanted, (shares, key) => distanceFrom(shares, valuesOf(key))),
    shares: mapValues(wanted, (_, key) => sharesOf(valuesOf(key).flat())),
  };
}

const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  to: (value: A, key: string) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
