import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { beginsWithinOneEdit, withinOneEdit } from './edit-distance.ts';
import { packIndex, unpackIndex } from './index-file.ts';
import { PromptIndex } from './prompt-index.ts';
import { RangeMaximum } from './range-maximum.ts';

describe('RangeMaximum', () => {
  it('agrees with sorting the range, earlier positions first among equals', () => {
    const weights = Array.from({ length: 61 }, (_, i) => (i * 37) % 17);
    const tree = new RangeMaximum(weights);
    for (const [low, high] of [
      [0, 61],
      [5, 6],
      [7, 40],
      [60, 61],
      [9, 9],
    ] as const) {
      const sorted = weights
        .map((weight, position) => ({ weight, position }))
        .slice(low, high)
        .sort((a, b) => b.weight - a.weight || a.position - b.position)
        .map(({ position }) => position);
      expect(tree.top(low, high, 10)).toEqual(sorted.slice(0, 10));
    }
    expect(new RangeMaximum([]).best(0, 0)).toBe(-1);
  });
});

describe('the index file', () => {
  const prompts = [
    { text: 'a boat', popularity: 3 },
    { text: 'A boat on a lake', popularity: 1 },
    { text: 'b', popularity: 2 },
  ];

  it('gives back what was packed, in the order of the keys, equal keys merged', () => {
    const again = { text: 'a Boat', popularity: 1 };
    const { language, prompts: unpacked } = unpackIndex(packIndex('en', [...prompts, again].reverse()));
    expect(language).toBe('en');
    expect(unpacked.map(({ text, popularity }) => [text.toLowerCase(), popularity])).toEqual([
      ['a boat', 4],
      ['a boat on a lake', 1],
      ['b', 2],
    ]);
  });

  it('refuses what is no prompt and no index', () => {
    for (const text of ['', ' ', 'a  boat'])
      expect(() => packIndex('en', [{ text, popularity: 1 }])).toThrow(RangeError);
    expect(() => packIndex('en', [{ text: 'a', popularity: 0 }])).toThrow(RangeError);
    expect(() => unpackIndex(gzipSync('hello'))).toThrow('not a prompt index');
    expect(() => unpackIndex(gzipSync('atelier-prompt-index 1 en 2\n0\t1\ta\n'))).toThrow(
      'line 3 of 3 is damaged',
    );
  });
});

describe('PromptIndex', () => {
  const texts = ['a boat', 'a boat at sea', 'a boat on a lake', 'a boat on ice', 'a boathouse', 'a dog'];
  const index = new PromptIndex(texts.map((text, i) => ({ text, popularity: i + 1 })));

  it('branches by whole next words, heaviest first', () => {
    const words = (key: string) =>
      index.branches(key).map(({ low, high, mass }) => [texts[low], high - low, mass] as const);
    expect(words('a boat')).toEqual([
      ['a boat on a lake', 2, 7],
      ['a boathouse', 1, 5],
      ['a boat at sea', 1, 2],
    ]);
    expect(words('a ')).toEqual([
      ['a boat', 4, 10],
      ['a dog', 1, 6],
      ['a boathouse', 1, 5],
    ]);
    expect(words('zebra')).toEqual([]);
  });

  it('wants its prompts in order', () => {
    expect(
      () =>
        new PromptIndex([
          { text: 'b', popularity: 1 },
          { text: 'a', popularity: 1 },
        ]),
    ).toThrow(RangeError);
  });
});

describe('one edit', () => {
  it('is a letter missing, added or changed, or two neighbours swapped', () => {
    for (const slip of ['ocean', 'ocan', 'oceann', 'oceam', 'ocaen', 'cean'])
      expect(withinOneEdit(slip, 'ocean')).toBe(true);
    for (const other of ['oc', 'oecna', 'ocesm', 'xoceany', ''])
      expect(withinOneEdit(other, 'ocean')).toBe(false);
    expect(beginsWithinOneEdit('oce', 'ocean')).toBe(true);
    expect(beginsWithinOneEdit('oec', 'ocean')).toBe(true);
    expect(beginsWithinOneEdit('xyz', 'ocean')).toBe(false);
  });
});
