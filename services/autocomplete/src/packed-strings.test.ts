import { expect, it } from 'vitest';
import { PackedStrings } from './packed-strings.ts';

const strings = ['', 'a', 'a b', 'a boat', 'a boat é', 'ab', 'é', '日本', '😀'];
const packed = new PackedStrings(strings);

it('gives back what was packed', () => {
  expect(packed.size).toBe(strings.length);
  expect(strings.map((_, i) => packed.at(i))).toEqual(strings);
  expect(packed.codeUnit(3, 1)).toBe(' '.charCodeAt(0));
  expect(packed.codeUnit(3, 6)).toBeUndefined();
  expect(new PackedStrings([]).size).toBe(0);
});

it('compares as strings do', () => {
  for (const prefix of [...strings, 'a ', 'a c', 'z', '\u{ffff}'])
    for (const [i, string] of strings.entries()) {
      const expected = string.startsWith(prefix) ? 0 : string < prefix ? -1 : 1;
      expect(Math.sign(packed.compare(i, prefix)), `${string} to ${prefix}`).toBe(expected);
    }
});
