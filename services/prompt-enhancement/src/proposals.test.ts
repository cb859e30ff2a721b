import { describe, expect, it } from 'vitest';
import { phrasesOf } from './model.ts';
import { acceptable } from './proposals.ts';
import { understand } from './understanding.ts';

const accepted = (prompt: string, phrases: string[], knows = (_: string) => true) =>
  acceptable(phrases, prompt, understand(prompt), knows).map(({ text }) => text);

describe('acceptable', () => {
  it.each([
    ['a boat at night', ['at sunset', 'on a lake', 'under the sun'], ['on a lake']],
    ['a boat', ['at sunset', 'in the morning', 'on a lake', 'at sea'], ['at sunset', 'on a lake']],
    ['a dog in the snow', ['in summer', 'with a clear sky', 'at dusk'], ['at dusk']],
    ['a woman in a red dress', ['wearing a blue shirt', 'on a green background'], []],
    [
      'a portrait of a person',
      ['an old woman', 'with dark skin', 'wearing a grey shirt'],
      ['wearing a grey shirt'],
    ],
    ['a red circle', ['on a red background', 'on a white background'], ['on a white background']],
    [
      'an old man with glasses',
      ['no glasses', 'with round glasses', 'in the rain', 'on a red wall'],
      ['on a red wall'],
    ],
    ['a red heart', ['purple', 'on black', 'on a black background'], ['on a black background']],
    ['a boat', ['a boat', '', 'very '.repeat(20), 'with birds'], ['with birds']],
  ])('%s', (prompt, proposed, wanted) => {
    expect(accepted(prompt, proposed)).toEqual(wanted);
  });

  it('leaves out what the models never saw, and says what kind each is', () => {
    expect(accepted('a boat', ['on a quasar', 'at dusk'], (phrase) => !phrase.includes('quasar'))).toEqual([
      'at dusk',
    ]);
    const kinds = acceptable(
      ['on a lake', 'in winter', 'at dusk', 'with birds', 'oil painting'],
      'a boat',
      understand('a boat'),
      () => true,
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(['setting', 'weather', 'light', 'detail', 'style']);
  });
});

describe('phrasesOf', () => {
  it('takes a line apart at commas, and leaves out what was cut off', () => {
    expect(phrasesOf('on a lake, at dusk', true)).toEqual(['on a lake', 'at dusk']);
    expect(phrasesOf('on a lake, at du', false)).toEqual(['on a lake']);
    expect(phrasesOf(' at dusk. A dog', false)).toEqual(['at dusk']);
    expect(phrasesOf('', true)).toEqual([]);
  });
});
