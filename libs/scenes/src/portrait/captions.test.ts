import { describe, expect, test } from 'vitest';
import { COLOUR_WORDS } from '../palette.ts';
import { createRandom } from '../random.ts';
import { portraitGrammar } from './grammar.ts';

/** Reads a caption without knowing how it was written: regular expressions per value, first match wins. */
type Reader = readonly (readonly [value: string, wording: RegExp])[];

const FEELINGS =
  'smiling|happy|cheerful|grinning|laughing|joyful|serious|calm|neutral|serious-looking|expressionless|composed|sad|unhappy|sorrowful|gloomy|frowning|miserable|surprised|astonished|shocked|amazed|startled';
const PERSONS =
  '(?:little |young |small |youthful |teenage |teen |elder |middle-aged |adult |grown |mature |old |elderly |senior |aged |human )*(?:\\w*girl|\\w*boy|child|kid|woman|lady|female|man|guy|gentleman|male|fellow|person|adult|youth|teenager|teen|toddler|grown-up|senior|pensioner|face|human|mother|father|grand\\w+|granny)\\b';
const before = (tone: string): string =>
  `\\b(?:${tone})(?: (?:${FEELINGS}|bald|bearded|clean-shaven))* ${PERSONS}`;

const colours = (after: string, names = COLOUR_WORDS as Record<string, readonly string[]>): Reader =>
  Object.entries(names).map(([value, words]) => [
    value,
    new RegExp(`(?<![\\w-])(?:${words.join('|')}) (?:${after})`, 'i'),
  ]);

const READERS: Record<string, Reader> = {
  age: [
    ['young', /young (?:woman|lady|man|guy|adult|fellow|person)|youth|twenties|teen/],
    ['adult', /middle-aged|\badult\b|grown|mature|forties|\bfather\b|\bmother\b/],
    ['old', /\bold\b|elder|grand|senior|\baged\b|granny|pensioner/],
    ['child', /girl|boy|child|toddler|\bkid\b/],
  ],
  gender: [
    ['woman', /\b(?:woman|lady|female|mother|grandmother|grandma|granny|she)\b|girl/i],
    ['man', /\b(?:man|guy|gentleman|male|fellow|father|grandfather|grandpa|granddad|he)\b|boy/i],
  ],
  'skin.tone': [
    [
      'medium',
      new RegExp(
        `(?:brown|olive|tan|medium)-skinned|(?<!dark )(?:brown|olive|tan|tanned|medium) skin|olive complexion|${before('tanned|brown')}`,
      ),
    ],
    [
      'light',
      new RegExp(
        `(?:light|fair|pale)-skinned|(?:light|fair|pale) skin|(?:fair|pale) complexion|${before('white|pale|fair')}|Monk (?:scale )?[123] skin|tone [123] on`,
      ),
    ],
    [
      'dark',
      new RegExp(
        `(?:dark|deep)-skinned|(?:dark|black|brown|deep) skin|dark complexion|${before('black|Black')}|Monk (?:scale )?(?:[789]|10) skin|tone (?:[789]|10) on`,
      ),
    ],
    ['medium', /Monk (?:scale )?[456] skin|tone [456] on/],
  ],
  skin: Array.from(
    { length: 10 },
    (_, i) => [`monk${i + 1}`, new RegExp(`Monk (?:scale )?${i + 1} skin|skin tone ${i + 1} on`)] as const,
  ),
  'hair.style': [
    ['afro', /afro/],
    ['bun', /\bbun\b/],
    ['ponytail', /pony ?tail/],
    ['curly', /curl|ringlets|frizzy/],
    ['bald', /\bbald\b|shaved head|no hair/],
    ['long', /\blong\b|past the shoulders/],
    ['short', /\bshort|cropped|crew cut/],
  ],
  'hair.colour': colours(
    '(?:hair|curls|ringlets|locks|crew cut|bun|ponytail|pony tail|afro|beard|goatee|moustache|mustache)\\b',
    {
      black: ['black', 'jet-black', 'raven'],
      brown: ['brown', 'chestnut', 'brunette'],
      blonde: ['blonde', 'blond', 'golden', 'fair'],
      red: ['red', 'ginger', 'auburn'],
      grey: ['grey', 'gray', 'silver'],
      white: ['white', 'snow-white'],
    },
  ),
  glasses: [
    ['none', /without glasses|no glasses|not wearing glasses/],
    ['sunglasses', /sunglasses|dark glasses|\bshades\b/],
    ['glasses', /glasses|spectacles|\bspecs\b/],
  ],
  hat: [
    ['none', /without a hat|no hat|bareheaded/],
    ['beanie', /beanie|woolly hat|knit cap|winter hat|bobble hat/],
    ['cap', /\bcap\b/],
    ['brimmed', /\bhat\b|fedora/],
  ],
  'hat.colour': [
    ['none', /without a hat|no hat|bareheaded/],
    ...colours(
      '(?:baseball |peaked |ball |trucker |woolly |knit |knitted |winter |bobble |brimmed |wide-brimmed |sun |straw |bowler )?(?:cap|hat|beanie|fedora)\\b',
    ),
  ],
  beard: [
    ['none', /clean-shaven|no beard/],
    ['moustache', /mo?ustache/],
    ['beard', /beard|goatee/],
  ],
  expression: [
    ['neutral', /serious|calm|neutral|expressionless|composed/],
    ['smiling', /smil|happy(?<!unhappy)|cheerful|grin|laughing|joyful/],
    ['sad', /\bsad\b|unhappy|sorrowful|gloomy|frowning|miserable/],
    ['surprised', /surprised|astonished|shocked|amazed|startled/],
  ],
  'clothing.colour': colours(
    '(?:shirt|top|sweater|jumper|pullover|T-shirt|jacket|hoodie|dress|suit|coat|blouse|gown|cardigan|sweatshirt|polo shirt|outfit)\\b',
  ),
  background: colours('(?:background|wall|backdrop)\\b'),
};

const read = (key: string, text: string): string | undefined =>
  READERS[key]?.find(([, wording]) => wording.test(text))?.[0];

const portraits = Array.from({ length: 600 }, (_, seed) => portraitGrammar(createRandom(`captions/${seed}`)));

describe('captions', () => {
  test.each(Object.keys(READERS))('tell %s exactly when they state it, and rightly', (key) => {
    let stated = 0;
    for (const { attributes, captions } of portraits)
      for (const { text, states } of captions) {
        const told = states.includes(key);
        if (told) stated++;
        expect(read(key, text), `${key} in "${text}"`).toBe(told ? attributes[key] : undefined);
      }
    expect(stated).toBeGreaterThan(30);
  });

  test('are six to ten a portrait, all different, of at most sixty words', () => {
    for (const { captions, attributes } of portraits) {
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

  test('use many words: no two portraits share most of their wording', () => {
    const texts = portraits.flatMap(({ captions }) => captions.map(({ text }) => text));
    expect(new Set(texts).size / texts.length).toBeGreaterThan(0.85);
  });
});
