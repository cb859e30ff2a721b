import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tinyBundlePath } from '../fixtures/index.ts';
import { createVocabulary, loadVocabulary } from './vocabulary.ts';

const vocabulary = createVocabulary([
  'boat',
  'ocean',
  'snow',
  'covered',
  'mountains',
  'woman',
  'leaf',
  'smiling',
  'sunny',
  'blue',
  'green',
  'hill',
]);

test.each([
  ['A boat on an ocean', []],
  ['Boats, on the OCEAN!', []],
  ['snow-covered hills; the mountain', []],
  ['women and leaves under a blue-green sun', []],
  ['she smiled', []],
  ['a zebra rides a boat with another zebra', ['zebra', 'rides']],
  ['a neon-lit ocean', ['neon-lit']],
  ['snow-bike', ['bike']],
  ['12 boats, 3.5 m 😀', []],
  ['', []],
])('unknown concepts of "%s"', (text, unknown) => {
  expect(vocabulary.unknownConcepts(text)).toEqual(unknown);
});

test('loads a list of words, and names a file that is none', async () => {
  const loaded = await loadVocabulary(join(tinyBundlePath, 'vocabulary.json'));
  expect(loaded.unknownConcepts('boats under a volcano')).toEqual(['volcano']);
  await expect(loadVocabulary(join(tinyBundlePath, 'atelier.json'))).rejects.toThrow(/atelier\.json/);
});
