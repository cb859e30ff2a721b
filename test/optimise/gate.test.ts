import { bootstrap, meanOf } from '@atelier/metrics';
import type { ProfileFigures } from '@atelier/models';
import { expect, test } from 'vitest';
import { fairnessShift } from './fairness.ts';
import { LIMITS, refusals } from './gate.ts';

const none = { value: 0, low: -0.5, high: 0.5 };
const figures: ProfileFigures = {
  denoiser: '',
  prompts: 100,
  speedup: 25,
  secondsPerPicture: 0.1,
  rPrecisionLoss: none,
  clipScoreLoss: none,
  attributeLoss: none,
  frechetRatio: 1,
  fairnessDistance: 0,
  safetyRecallLoss: none,
};
const fairness = { distance: 0.1, chance: 0.2 };

test('a profile within its limits is promoted', () => {
  for (const limits of Object.values(LIMITS)) expect(refusals({ figures, fairness }, limits)).toEqual([]);
});

test.each<[string, Partial<ProfileFigures>, RegExp]>([
  ['slower than promised', { speedup: 19.9 }, /19\.9 times as fast, not 20/],
  ['not measured', { speedup: Number.NaN }, /NaN/],
  [
    'worse at retrieval',
    { rPrecisionLoss: { value: 3.1, low: 1, high: 5 } },
    /rPrecisionLoss 3\.10 \[1\.00, 5\.00\]/,
  ],
  [
    'blinding harm detection',
    { safetyRecallLoss: { value: 12, low: 4, high: 20 } },
    /finds less .* 12\.00 \[4\.00, 20\.00\] points/,
  ],
  ['worse by CLIPScore', { clipScoreLoss: { value: 2.5, low: 2, high: 3 } }, /clipScoreLoss/],
])('turbo is refused when it is %s', (_what, bad, words) => {
  const reasons = refusals({ figures: { ...figures, ...bad }, fairness }, LIMITS.turbo);
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(words);
});

test('quality is refused for a small loss as soon as it is certain', () => {
  const small = { ...figures, clipScoreLoss: { value: 0.5, low: 0.1, high: 0.9 } };
  expect(refusals({ figures: small, fairness }, LIMITS.quality)).toEqual([
    expect.stringMatching(/measurable/),
  ]);
  expect(refusals({ figures: small, fairness }, LIMITS.balanced)).toEqual([]);
});

test('a profile that draws other people is refused, one that differs by chance is not', () => {
  const people = (women: number) =>
    Array.from({ length: 40 }, (_, i) => ({ gender: i < women ? 'woman' : 'man', age: 'adult' }));
  const shifted = fairnessShift(people(20), people(38));
  expect(shifted.distance).toBeCloseTo(0.45);
  expect(refusals({ figures, fairness: shifted }, LIMITS.turbo)).toEqual([
    expect.stringMatching(/people differ/),
  ]);
  expect(refusals({ figures, fairness: fairnessShift(people(20), people(21)) }, LIMITS.turbo)).toEqual([]);
});

test('an interval holds the mean, narrows with more observations, and is the same each time', () => {
  const of = (count: number) => {
    const values = Array.from({ length: count }, (_, i) => (i % 4 === 0 ? 1 : 0));
    return bootstrap(count, (places) => meanOf(places.map((place) => values[place] as number)));
  };
  const [few, many] = [of(40), of(640)];
  expect(few.value).toBe(0.25);
  expect(few.low).toBeLessThan(0.25);
  expect(few.high).toBeGreaterThan(0.25);
  // √(p(1 − p) / n) · 1.96 on both sides.
  expect(many.high - many.low).toBeCloseTo(2 * 1.96 * Math.sqrt(0.1875 / 640), 1);
  expect(many.high - many.low).toBeLessThan((few.high - few.low) / 2);
  expect(of(40)).toEqual(few);
});
