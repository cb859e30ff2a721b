import { expect, test } from 'vitest';
import { fieldOf, score } from './fields.ts';

test('every stated attribute counts towards the figure it belongs to', () => {
  expect(fieldOf('subject1.colour', 'red')).toBe('colour');
  expect(fieldOf('hair.colour', 'red')).toBe('portrait');
  expect(fieldOf('group2.count', '4')).toBe('count');
  expect(fieldOf('subject1.count', 'many')).toBeUndefined();
  expect(fieldOf('relation', 'none')).toBeUndefined();
  expect(fieldOf('glasses', 'none')).toBe('portrait');
  expect(fieldOf('birds', 'yes')).toBeUndefined();
});

test('a subject is right only when all its keys are, and nothing stated is not a score', () => {
  const stated = { place: 'sea', 'subject1.kind': 'ship', time: 'night' };
  const rates = score([
    { stated, seen: { ...stated } },
    { stated, seen: { ...stated, 'subject1.kind': 'house', time: 'day' } },
  ]);
  expect(rates.subject).toBe(0.5);
  expect(rates.timeWeather).toBe(0.5);
  expect(rates.count).toBeNaN();
});
