import { expect, test } from 'vitest';
import { ProfileSchema } from './profile.ts';

const profile = { sampler: 'ddim', steps: 3, guidance: 2.5 };

test.each<[string, object, boolean]>([
  ['plain', {}, true],
  ['guided in an interval', { guidanceInterval: { low: 1, high: 5 } }, true],
  ['guided from a level on', { guidanceInterval: { low: 1 } }, true],
  ['an interval upside down', { guidanceInterval: { low: 5, high: 1 } }, false],
  ['no step', { steps: 0 }, false],
  ['a spacing nobody knows', { timestepSpacing: 'random' }, false],
])('%s', (_what, fields, valid) => {
  expect(ProfileSchema.safeParse({ ...profile, ...fields }).success).toBe(valid);
});
