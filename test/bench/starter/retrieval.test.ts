import { createRandom } from '@atelier/scenes';
import { expect, test } from 'vitest';
import { recallAt1, retrievalSets } from './retrieval.ts';
import { wrongCaption } from './wrong-caption.ts';

test('sets have a hundred scenes each, and no caption twice', () => {
  const sets = retrievalSets();
  expect(sets.map((set) => set.length)).toEqual([100, 100, 100, 100, 100]);
  for (const set of sets) expect(new Set(set.map(({ text }) => text)).size).toBe(100);
  expect(new Set(sets.flat().map(({ seed }) => seed)).size).toBe(500);
});

test('recall counts the texts whose nearest picture is their own', () => {
  const [east, north] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  expect(recallAt1([east, north], [east, north])).toBe(1);
  expect(recallAt1([east, east], [east, north])).toBe(0.5);
});

test('a caption is made wrong in its count or its relation', () => {
  const wrong = Array.from({ length: 40 }, (_, i) => wrongCaption('two red boats', createRandom(i)));
  expect(new Set(wrong)).toEqual(new Set(['one', 'three', 'four', 'five'].map((n) => `${n} red boats`)));
  expect(wrongCaption('A star on the left and a heart on the right', createRandom(1))).toBe(
    'a star on the right and a heart on the left',
  );
  expect(wrongCaption('a red boat', createRandom(1))).toBeNull();
});
