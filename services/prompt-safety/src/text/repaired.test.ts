import { describe, expect, it } from 'vitest';
import { englishDictionary } from './dictionary.ts';
import { repaired } from './repaired.ts';

const dictionary = englishDictionary();

describe('repaired', () => {
  it.each([
    ['w*man', ['woman']],
    ['str*et', ['street']],
    ['picutre', ['picture']],
    ['garedn', ['garden']],
  ])('reads %s', (raw, expected) => expect(repaired(raw, dictionary)).toEqual(expected));

  it.each(['picture', 'w**man', '*', 'zzxqvk', 'cta', `${'ab'.repeat(20)}*c`])('leaves %s as it is', (raw) =>
    expect(repaired(raw, dictionary)).toEqual([]),
  );
});
