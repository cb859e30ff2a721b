import { describe, expect, test } from 'vitest';
import { COLOUR_WORDS } from '../palette.ts';
import { createRandom } from '../random.ts';
import type { Attributes } from '../scene.ts';
import { abstractGrammar } from './grammar.ts';

const COLOUR = Object.entries(COLOUR_WORDS).flatMap(([value, words]) =>
  words.map((word) => [word, value] as const),
);
const colourOf = (word: string | undefined): string | undefined => COLOUR.find(([w]) => w === word)?.[1];
const COLOURS = COLOUR.map(([word]) => word)
  .sort((a, b) => b.length - a.length)
  .join('|');

const COUNTS: readonly (readonly [string, RegExp])[] = [
  ['5', /five$|5/],
  ['4', /four$|4/],
  ['3', /three|3|trio/],
  ['2', /two|2|pair/],
  ['1', /\ban?$|one|1|single/],
];
const SHAPES: readonly (readonly [string, RegExp])[] = [
  ['circle', /circle|disc|disk|round shape|ball/],
  ['square', /square|box/],
  ['triangle', /triangle|pyramid/],
  ['star', /star/],
  ['heart', /heart/],
  ['diamond', /diamond|rhombus/],
];
const GROUP = new RegExp(
  `(?:\\b(a group of four|a group of five|a pair of|a trio of|a single|one|two|three|four|five|an?|[1-5]) )?(?:(?:big|large) )?(?:(${COLOURS}) )?((?:five-pointed |love |round |square |pyramid )?(?:circle|dis[ck]|ball|square|box|block|triangle|star|heart|diamond|rhombus|shape)(?:es|s)?(?: shapes?| blocks?)?)\\b`,
  'g',
);

/** What a caption of shapes says, read from its words alone: groups in order, and how they stand to each other. */
function read(caption: string): Attributes {
  const background = new RegExp(
    `(?:on|against|,)(?: an?)?(?: plain)? (${COLOURS})(?: background| ground)?\\.?$`,
  ).exec(caption);
  const text = caption
    .slice(0, background?.index)
    .replace(/^.*(?:picture|shapes)(?::| with\b| shows)|^.*we see/, '')
    .replace(/^[^:]*there (?:is|are)/, '');
  const found = [...text.matchAll(GROUP)].filter(
    ([, count, colour, noun]) => count || colour || noun !== 'shapes',
  );
  const groups = found.map(([, count, colour, noun]) => ({
    count: count ? COUNTS.find(([, r]) => r.test(count))?.[0] : /(?<!u)s$/.test(noun ?? '') ? undefined : '1',
    colour: colourOf(colour),
    shape: SHAPES.find(([, r]) => r.test(noun ?? ''))?.[0],
  }));
  const said: Attributes = {};
  const colour = colourOf(background?.[1]);
  if (colour) said.background = colour;
  const [one, two] = found;
  // The words between the groups tell which comes first by the convention: the upper, left or inner one.
  const link = one && two ? text.slice(one.index + one[0].length, two.index) : '';
  const swapped =
    /below|beneath|under|bottom|lower|right|around|surrounding|enclosing|containing|outside|with/.test(
      link,
    ) && !/within/.test(link);
  const placed = swapped ? [...groups].reverse() : groups;
  for (const [i, group] of placed.entries())
    for (const [key, value] of Object.entries(group)) if (value) said[`group${i + 1}.${key}`] = value;
  if (groups.length > 1)
    said.relation = /left|right/.test(text)
      ? 'left'
      : /inside|within|enclos|middle|around|surround|contain|outside| in (?!the (?:upper|lower))/.test(text)
        ? 'inside'
        : 'above';
  return said;
}

const scenes = Array.from({ length: 1500 }, (_, seed) => abstractGrammar(createRandom(`captions/${seed}`)));
const shapes = scenes.filter(({ attributes }) => attributes.kind === 'shapes');

describe('captions of shapes', () => {
  test('say exactly the attributes they state: groups, counts, colours, relation, background', () => {
    for (const { attributes, captions } of shapes)
      for (const { text, states } of captions) {
        if (/^\D*(?:geometric shapes|simple shapes|abstract picture with shapes)\b(?!:)/.test(text)) continue;
        const stated = Object.fromEntries(
          states.filter((key) => key !== 'kind').map((key) => [key, attributes[key]]),
        );
        expect(read(text), text).toEqual(stated);
      }
  });

  test('tell the relation from both sides', () => {
    const texts = shapes
      .filter((s) => s.attributes.relation === 'above')
      .flatMap((s) => s.captions.map((c) => c.text));
    const rate = (words: RegExp): number => texts.filter((text) => words.test(text)).length / texts.length;
    expect(rate(/above|over|on top|higher|upper/)).toBeGreaterThan(0.35);
    expect(rate(/below|under|beneath/)).toBeGreaterThan(0.35);
  });
});

describe('captions of patterns and signs', () => {
  test('name the colours and the direction they state, and only those', () => {
    for (const { attributes, captions } of scenes.filter(({ attributes: a }) => a.kind !== 'shapes'))
      for (const { text, states } of captions) {
        const colours = [...text.matchAll(new RegExp(`\\b(?:${COLOURS})\\b`, 'g'))]
          .map(([word]) => colourOf(word))
          .sort();
        const stated = states
          .filter((key) => key.startsWith('colour'))
          .map((key) => attributes[key])
          .sort();
        expect(colours, text).toEqual(stated);
        expect(/horizontal|vertical|diagonal/.exec(text)?.[0], text).toBe(
          states.includes('direction') ? attributes.direction : undefined,
        );
        expect(states).toContain('kind');
      }
  });
});

test('a picture has six to ten captions, all different, of at most sixty words', () => {
  for (const { attributes, captions } of scenes) {
    expect(captions.length).toBeGreaterThanOrEqual(6);
    expect(captions.length).toBeLessThanOrEqual(10);
    expect(new Set(captions.map(({ text }) => text)).size).toBe(captions.length);
    for (const { text, states } of captions) {
      expect(text.split(' ').length).toBeLessThanOrEqual(60);
      expect(text).not.toMatch(/\s\s|undefined|\{|\s[,.]/);
      expect(Object.keys(attributes)).toEqual(expect.arrayContaining(states));
    }
  }
});
