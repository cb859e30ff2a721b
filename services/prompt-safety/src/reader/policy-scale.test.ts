import { expect, test } from 'vitest';
import { noScores } from '../score.ts';
import { onPolicyScale } from './policy-scale.ts';

const thresholds = { illegal: 0.9, violence: 0.1 };
const scored = (chances: object) => onPolicyScale({ ...noScores(0), ...chances }, thresholds);

test('a chance at its threshold is a half, one above it more', () => {
  expect(scored({ illegal: 0.9 }).illegal).toBeCloseTo(0.5);
  expect(scored({ violence: 0.1 }).violence).toBeCloseTo(0.5);
  expect(scored({ illegal: 0.95 }).illegal).toBeGreaterThan(0.5);
  expect(scored({ hate: 0.7 }).hate).toBeCloseTo(0.7);
});

test('the likeliest category decides, however low the threshold of another', () => {
  const { illegal, violence } = scored({ illegal: 0.6, violence: 0.3 });
  expect(illegal).toBeLessThan(0.5);
  expect(violence).toBeCloseTo(illegal / 2);
});

test('no chance of any harm is none', () => {
  expect(scored({})).toEqual(noScores(0));
});
