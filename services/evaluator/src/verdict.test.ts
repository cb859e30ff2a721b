import { meanOf } from '@atelier/metrics';
import { createRandom } from '@atelier/scenes';
import { expect, test } from 'vitest';
import { type Comparison, compare, decide, missed } from './verdict.ts';

const COUNT = 60;

/** A metric with noise of 0.1 a prompt, `shift` better for the candidate. */
function noisy(name: string, seed: number, shift: number, about: Partial<Comparison> = {}): Comparison {
  const random = createRandom(`${name}/${seed}`);
  const noise = () => Array.from({ length: COUNT }, () => random.range(-0.17, 0.17));
  const [own, other] = [noise().map((value) => value + shift), noise()];
  const mean = (values: number[], places: readonly number[]) =>
    meanOf(places.map((place) => values[place] as number));
  return {
    name,
    higherIsBetter: true,
    tolerance: 0,
    quality: true,
    statistic: (places) => ({ candidate: mean(own, places), production: mean(other, places) }),
    ...about,
  };
}

const verdictOf = (comparisons: Comparison[]) => decide(COUNT, compare(COUNT, comparisons), [], {});

test('an equal candidate is not promoted by noise: at most 5 of 100', () => {
  const promoted = Array.from({ length: 100 }, (_, seed) =>
    verdictOf(['a', 'b', 'c'].map((name) => noisy(name, seed, 0))),
  ).filter(({ decision }) => decision === 'promote');
  expect(promoted.length).toBeLessThanOrEqual(5);
});

test('a candidate that is better somewhere and worse nowhere is promoted', () => {
  expect(verdictOf([noisy('a', 1, 0.15), noisy('b', 1, 0)])).toEqual({
    decision: 'promote',
    reasons: [],
    better: ['a'],
  });
});

test('one that is worse somewhere is refused, whatever it is better at', () => {
  const { decision, reasons } = verdictOf([noisy('a', 1, 0.15), noisy('b', 1, -0.15)]);
  expect(decision).toBe('refuse');
  expect(reasons).toEqual([expect.stringMatching(/^b .*production/)]);
});

test('what costs more within its tolerance is no loss, and what only costs less earns nothing', () => {
  const cost = { higherIsBetter: false, quality: false };
  expect(verdictOf([noisy('a', 1, 0.15), noisy('cost', 1, 0.15, { ...cost, tolerance: 0.3 })]).decision).toBe(
    'promote',
  );
  expect(verdictOf([noisy('a', 1, 0.15), noisy('cost', 1, 0.15, cost)]).decision).toBe('refuse');
  expect(verdictOf([noisy('a', 1, 0), noisy('cost', 1, -0.15, cost)]).reasons).toEqual([
    'better at nothing beyond chance',
  ]);
});

test('thresholds hold alone, and a figure that is missing misses them', () => {
  const thresholds = [
    { name: 'failedShare', max: 0.02 },
    { name: 'recall', min: 0.9 },
  ];
  expect(missed(thresholds, { failedShare: 0, recall: 0.95 })).toEqual([]);
  expect(missed(thresholds, { failedShare: 0.1 })).toEqual([
    'failedShare 0.1 > 0.02',
    'recall was not measured',
  ]);
});

test('few prompts promote nothing', () => {
  const comparisons = [noisy('a', 1, 0.15)];
  expect(decide(10, compare(10, comparisons), [], {}).reasons).toEqual([
    expect.stringMatching(/10 prompts are too few/),
  ]);
});
