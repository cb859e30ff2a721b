import { describe, expect, it } from 'vitest';
import { readPerson, speaksOfPeople, withoutIdentity } from './people.ts';

describe('readPerson', () => {
  it.each([
    ['a portrait of a doctor', {}],
    ['a smiling person with curly hair', {}],
    ['A woman in a red dress', { gender: 'woman' }],
    ['an old man with a black hat', { gender: 'man', age: 'old' }],
    ['portrait of a girl', { gender: 'woman', age: 'child' }],
    ['a black nurse wearing a white coat', { skin: 'dark' }],
    ['a brown cheerful girl in a white hat', { gender: 'woman', age: 'child', skin: 'stated' }],
    ['a teacher with dark skin', { skin: 'stated' }],
    ['an Indian farmer', { skin: 'stated' }],
    ['a policewoman', { gender: 'woman' }],
    ['a person with a long beard', { gender: 'stated' }],
    ['a 40 years old engineer', { age: 'old' }],
    ['a plumber and his tools', { gender: 'man' }],
  ])('%s', (prompt, stated) => {
    expect(readPerson(prompt)).toEqual(stated);
  });

  it.each([
    'a boat on a lake',
    'two doctors',
    'a family on a beach',
    'a nurse and a doctor',
    'a mother with her baby',
    'portrait of Ada Lovelace',
    'three red circles',
  ])('finds nobody, several or somebody with a name in: %s', (prompt) => {
    expect(readPerson(prompt)).toBeUndefined();
  });
});

describe('withoutIdentity', () => {
  const people = [
    'a woman',
    'a man',
    'an old woman',
    'a little boy',
    'a black man',
    'a dark-skinned elderly lady',
    'an Asian girl',
    'a person',
  ];

  it('makes prompts that differ in who is shown one', () => {
    for (const form of [
      'a portrait of #',
      '# with curly hair in a blue shirt',
      'a picture of #.',
      '#, wearing glasses',
    ])
      expect(new Set(people.map((person) => withoutIdentity(form.replace('#', person)))).size, form).toBe(1);
    expect(withoutIdentity('a portrait of a woman with dark skin')).toBe('a portrait of a person');
    expect(withoutIdentity('a man and his dog')).toBe(withoutIdentity('a woman and her dog'));
  });

  it('leaves everything else as it is', () => {
    for (const prompt of ['a black horse by an old house', 'two white boats', 'a nurse with a brown hat'])
      expect(withoutIdentity(prompt)).toBe(prompt);
  });
});

describe('speaksOfPeople', () => {
  it('tells who somebody is from what surrounds them', () => {
    for (const phrase of [
      'an old woman',
      'with dark skin',
      'next to a man',
      'surrounded by people',
      'a doctor',
    ])
      expect(speaksOfPeople(phrase), phrase).toBe(true);
    for (const phrase of ['on a brown background', 'wearing a white shirt', 'in a black hoodie', 'at dusk'])
      expect(speaksOfPeople(phrase), phrase).toBe(false);
  });
});
