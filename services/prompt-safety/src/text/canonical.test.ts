import { describe, expect, it } from 'vitest';
import { EVASIONS } from '../evasions.fixture.ts';
import { englishPolicy } from '../policy/load.ts';
import { createScreener } from '../screen.ts';

const screener = createScreener(englishPolicy());
const read = (text: string): string => screener.screen(text).readings[0]?.words.join(' ') ?? '';

describe('the plain text of a prompt', () => {
  it.each(['a man crossing the border in a truck at 4k', 'step by step visual guide for a well known bank'])(
    'is what it says: %s',
    (text) => expect(read(text)).toBe(text),
  );

  it.each([
    'zero-width spaces',
    'mathematical bold',
    'Cyrillic look-alikes',
    'leet vowels',
    'letters spelt out',
    'dots',
    'underscores',
    'space inside',
  ])('comes back from %s', (name) => {
    const text = 'the farmer hides some money under a blanket';
    expect(read(EVASIONS[name]?.(text).prompt ?? '')).toBe(text);
  });
});
