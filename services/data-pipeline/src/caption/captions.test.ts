import { expect, test } from 'vitest';
import { plain } from '../input/sidecar.ts';
import { cleanCaption } from './clean.ts';
import { curateCaptions } from './curate.ts';

test.each([
  ['A <b>red</b> boat &amp; a dog <a href="http://x.y/z">click</a>', 'A red boat & a dog click'],
  ['Sunset over the sea - see https://example.com/p?x=1', 'Sunset over the sea'],
  ['A house, call +1 (555) 123-4567', 'A house'],
  ['A dog by jane.doe@mail.com', 'A dog'],
  ['A house by @john_doe in the woods', 'A house in the woods'],
  ['3 boats in 2021', '3 boats in 2021'],
  ['A wall, large and easy to see, and nothing else', 'A wall, large and easy to see, and nothing else'],
  ['IMG_1234.jpg', ''],
  ['www.example.com', ''],
  ['  \u200b ', ''],
])('%j becomes %j', (raw, clean) => {
  expect(cleanCaption(raw)).toBe(clean);
});

test.each([
  [[], 'caption_missing'],
  [['DSC_0001.JPG'], 'caption_missing'],
  [['Ein rotes Boot liegt bei Sonnenuntergang auf dem See.'], 'caption_foreign'],
  [['日落时分，一艘红色的小船停在平静的湖面上。'], 'caption_foreign'],
  [['Ein rotes Boot auf dem See.', 'A red boat on the lake.'], undefined],
  [['3 boats.'], undefined],
])('captions %j end as %s', (texts, reason) => {
  expect(curateCaptions(texts.map(plain), 'en').verdict?.reason).toBe(reason);
});

test('what a caption states survives its cleaning, and equal captions are one', () => {
  const given = [
    { text: 'A red  boat', states: ['colour'] },
    { text: 'A red boat', states: ['colour'] },
  ];
  expect(curateCaptions(given, 'en')).toMatchObject({
    captions: [{ text: 'A red boat', states: ['colour'] }],
    action: 'as_given',
  });
});
