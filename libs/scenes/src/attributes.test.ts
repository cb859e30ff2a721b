import { expect, test } from 'vitest';
import { checkFixed } from './attributes.ts';

const VOCABULARY = { time: ['day', 'night'], place: ['sea'] };

test('checkFixed accepts known keys and values and names the first unknown one', () => {
  expect(() => checkFixed(VOCABULARY, { time: 'night', place: 'sea' })).not.toThrow();
  expect(() => checkFixed(VOCABULARY, { weather: 'rain' })).toThrow(
    /unknown attribute "weather"; known: time, place/,
  );
  expect(() => checkFixed(VOCABULARY, { time: 'noon' })).toThrow(
    /unknown value "noon" of attribute "time"; known: day, night/,
  );
});
