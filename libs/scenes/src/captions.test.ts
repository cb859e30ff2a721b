import { describe, expect, test } from 'vitest';
import { caption, colourWord, NOTHING, oneOf, phrase } from './captions.ts';
import { COLOUR_WORDS } from './palette.ts';
import { createRandom } from './random.ts';

describe('caption', () => {
  test('joins words and collects what they tell, once and sorted', () => {
    const told = caption(
      'a',
      phrase('red', 'colour'),
      NOTHING,
      phrase('red boat', 'subject', 'colour'),
      phrase(', at sea', 'place'),
    );
    expect(told).toEqual({ text: 'a red red boat, at sea', states: ['colour', 'place', 'subject'] });
  });

  test.each([
    ['a orange boat', 'an orange boat'],
    ['an red boat', 'a red boat'],
    ['A old man and an young girl', 'An old man and a young girl'],
    ['a   big ,  slow ship .', 'a big, slow ship.'],
  ])('tidies "%s"', (rough, tidy) => {
    expect(caption(rough).text).toBe(tidy);
  });
});

test('oneOf picks among wordings of the same facts', () => {
  const random = createRandom('words');
  const picked = Array.from({ length: 40 }, () => oneOf(random, ['boat', 'ship'], 'subject'));
  expect(new Set(picked.map(({ text }) => text))).toEqual(new Set(['boat', 'ship']));
  expect(picked.every(({ states }) => states.join() === 'subject')).toBe(true);
});

test('colourWord mostly says the name itself, else a synonym', () => {
  const random = createRandom('colours');
  const words = Array.from({ length: 400 }, () => colourWord(random, 'green'));
  expect(words.filter((word) => word === 'green').length).toBeGreaterThan(300);
  expect(words.every((word) => COLOUR_WORDS.green.includes(word))).toBe(true);
  expect(new Set(words).size).toBeGreaterThan(1);
});
