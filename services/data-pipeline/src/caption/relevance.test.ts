import { expect, test } from 'vitest';
import { removed } from '../reasons.ts';
import { type Onlooker, settleCaptions } from './relevance.ts';

/** Somebody who sees a red boat. */
const onlooker = (made: string | null = 'a red boat at sea'): Onlooker => ({
  threshold: 0.4,
  score: async (text) => (text.includes('umbrella') ? null : text.includes('boat') ? 0.8 : 0.1),
  describe: async () => made,
});
const given = (...texts: string[]) => ({
  captions: texts.map((text) => ({ text, states: [] })),
  action: 'as_given' as const,
  language: 'en',
  verdict: null,
});
const nothing = {
  captions: [],
  action: 'none' as const,
  language: '',
  verdict: removed('caption_missing', 'none given'),
};

test('captions that fit stay, others of the same picture go', async () => {
  const settled = await settleCaptions(given('a boat', 'two green dogs'), onlooker());
  expect(settled).toMatchObject({ action: 'cleaned', relevance: 0.8, issue: null, verdict: null });
  expect(settled.captions.map(({ text }) => text)).toEqual(['a boat']);
});

test('captions of which none fits are replaced by one that does', async () => {
  const settled = await settleCaptions(given('two green dogs'), onlooker());
  expect(settled).toMatchObject({
    action: 'generated',
    relevance: 0.8,
    issue: 'caption_irrelevant',
    verdict: null,
  });
  expect(settled.captions).toEqual([{ text: 'a red boat at sea', states: [] }]);
});

test('a missing caption is made', async () => {
  expect(await settleCaptions(nothing, onlooker())).toMatchObject({
    action: 'generated',
    issue: 'caption_missing',
    verdict: null,
  });
});

test('what still does not fit is removed, with both figures', async () => {
  const settled = await settleCaptions(given('two green dogs'), onlooker('a blue house'));
  expect(settled.verdict).toEqual(removed('caption_irrelevant', 'similarity 0.100 < 0.4; a made one: 0.100'));
  const missing = await settleCaptions(nothing, onlooker(null));
  expect(missing.verdict).toEqual(removed('caption_missing', 'none given'));
});

test('a caption that cannot be judged stays, unjudged', async () => {
  const settled = await settleCaptions(given('an umbrella'), onlooker());
  expect(settled).toMatchObject({ action: 'as_given', relevance: null, issue: null, verdict: null });
});

test('without an onlooker nothing changes', async () => {
  expect(await settleCaptions(given('two green dogs'), null)).toMatchObject({
    action: 'as_given',
    relevance: null,
  });
  expect((await settleCaptions(nothing, null)).verdict?.reason).toBe('caption_missing');
});
