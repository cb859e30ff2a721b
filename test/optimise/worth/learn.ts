/** From phrases that were tried to what they are worth: ridge regression (Hoerl & Kennard 1970), for each domain by itself. */
import type { z } from 'zod';
import { tellingWords, type WorthSchema } from '../../../services/prompt-enhancement/src/worth.ts';
import type { Trial } from './trials.ts';

type Learnt = z.infer<typeof WorthSchema>;

/** Trials that a word needs. */
const FEWEST = 8;
/** Weight of the penalty: as if each word had been seen so often besides, without effect. */
const RIDGE = 10;
/** Rounds of coordinate descent; these problems have a hundred unknowns and converge in a few dozen. */
const ROUNDS = 200;

export function learnWorth(trials: readonly Trial[]): Learnt {
  const domains = [...new Set(trials.map(({ domain }) => domain))].sort();
  return Object.fromEntries(
    domains.map((domain) => [domain, learn(trials.filter((trial) => trial.domain === domain))]),
  );
}

/** Minimises Σ (gain − any − Σ weights of the phrase's words)² + RIDGE · Σ weight². */
function learn(trials: readonly Trial[]): NonNullable<Learnt['portrait']> {
  const rows = new Map<string, number[]>();
  for (const [i, { phrase }] of trials.entries())
    for (const word of tellingWords(phrase)) rows.set(word, [...(rows.get(word) ?? []), i]);
  const known = [...rows]
    .filter(([, places]) => places.length >= FEWEST)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const left = trials.map(({ gain }) => gain);
  const everywhere = trials.map((_, i) => i);
  const weights = new Map(known.map(([word]) => [word, 0]));
  let any = 0;
  /** What is best for one unknown while the others stay; `left` is what all of them don't explain. */
  const improve = (places: readonly number[], before: number, penalty: number): number => {
    const sum = places.reduce((total, i) => total + (left[i] as number) + before, 0);
    const after = sum / (places.length + penalty);
    for (const i of places) left[i] = (left[i] as number) + before - after;
    return after;
  };
  for (let round = 0; round < ROUNDS; round++) {
    any = improve(everywhere, any, 0);
    for (const [word, places] of known)
      weights.set(word, improve(places, weights.get(word) as number, RIDGE));
  }
  return {
    any: rounded(any),
    words: Object.fromEntries([...weights].map(([word, weight]) => [word, rounded(weight)])),
  };
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
