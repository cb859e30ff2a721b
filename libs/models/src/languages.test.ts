import { expect, test } from 'vitest';
import { supportsLanguage } from './languages.ts';

test.each([
  ['en', true],
  ['EN', true],
  ['en-GB', true],
  ['en-Latn-US-x-private', true],
  ['enm', false],
  ['de', false],
  ['', false],
  ['not a tag', false],
])('%s', (tag, supported) => {
  expect(supportsLanguage(['en'], tag)).toBe(supported);
});
