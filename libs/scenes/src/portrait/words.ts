/** The words for hair, beards, glasses, hats, clothes and walls, as phrases that know what they tell. */

import { colourWord, NOTHING, oneOf, type Phrase, phrase } from '../captions.ts';
import type { Random } from '../random.ts';
import type { Portrait, Words } from './vocabulary.ts';

const HAIR_COLOUR: Record<Exclude<Portrait['hair.colour'], 'none'>, readonly string[]> = {
  black: ['black', 'black', 'jet-black', 'raven'],
  brown: ['brown', 'brown', 'chestnut', 'brunette'],
  blonde: ['blonde', 'blonde', 'blond', 'golden', 'fair'],
  red: ['red', 'red', 'ginger', 'auburn'],
  grey: ['grey', 'grey', 'gray', 'silver'],
  white: ['white', 'white', 'snow-white'],
};

export const hairColour = (random: Random, portrait: Portrait): Phrase =>
  portrait['hair.colour'] === 'none'
    ? NOTHING
    : oneOf(random, HAIR_COLOUR[portrait['hair.colour']], 'hair.colour');

/** `{c}` is where the colour goes (or nothing). */
const HAIR: Words<'hair.style'> = {
  short: [
    'short {c} hair',
    'short {c} hair',
    'cropped {c} hair',
    'short-cut {c} hair',
    'neat short {c} hair',
    'a {c} crew cut',
  ],
  long: [
    'long {c} hair',
    'long {c} hair',
    'long straight {c} hair',
    'long flowing {c} hair',
    '{c} hair falling past the shoulders',
    'long wavy {c} hair',
    'long {c} locks',
  ],
  curly: [
    'curly {c} hair',
    'curly {c} hair',
    '{c} curls',
    'thick curly {c} hair',
    '{c} ringlets',
    'frizzy {c} hair',
  ],
  bun: ['{c} hair in a bun', 'a {c} bun', '{c} hair tied in a bun', 'a {c} hair bun'],
  ponytail: ['a {c} ponytail', '{c} hair in a ponytail', '{c} hair tied in a ponytail', 'a {c} pony tail'],
  afro: ['a {c} afro', 'a big {c} afro', '{c} afro hair', 'a round {c} afro'],
  bald: ['a bald head', 'a shaved head', 'no hair', 'a bald head'],
};

/** Style and colour, or one of them; bald heads have no colour to tell. */
export function hair(random: Random, portrait: Portrait): Phrase {
  const style = portrait['hair.style'];
  const roll = random.range(0, 1);
  if (style === 'bald') return oneOf(random, HAIR.bald, 'hair.style');
  const colour = hairColour(random, portrait);
  if (roll < 0.2) return phrase(`${colour.text} hair`, ...colour.states);
  const said = roll < 0.82 ? colour : NOTHING;
  return phrase(random.pick(HAIR[style]).replace('{c}', said.text), 'hair.style', ...said.states);
}

const EYEWEAR: Words<'glasses'> = {
  none: ['no glasses'],
  glasses: [
    'glasses',
    'glasses',
    'spectacles',
    'round glasses',
    'eyeglasses',
    'thick-rimmed glasses',
    'specs',
  ],
  sunglasses: ['sunglasses', 'sunglasses', 'dark glasses', 'shades', 'black sunglasses', 'dark sunglasses'],
};
export const eyewear = (random: Random, portrait: Portrait): Phrase =>
  oneOf(random, EYEWEAR[portrait.glasses], 'glasses');

const HAT: Words<'hat'> = {
  none: ['no hat'],
  cap: ['cap', 'baseball cap', 'cap', 'peaked cap', 'ball cap', 'trucker cap'],
  beanie: ['beanie', 'woolly hat', 'knit cap', 'beanie', 'winter hat', 'bobble hat', 'knitted beanie'],
  brimmed: ['hat', 'brimmed hat', 'wide-brimmed hat', 'fedora', 'sun hat', 'straw hat', 'bowler hat'],
};

/** 'a red cap' or 'a cap'; a bare 'hat' is a brimmed one. */
export function hat(random: Random, portrait: Portrait): Phrase {
  if (portrait.hat === 'none' || portrait['hat.colour'] === 'none')
    return phrase('no hat', 'hat', 'hat.colour');
  const word = random.pick(HAT[portrait.hat]);
  return random.chance(0.78)
    ? phrase(`a ${colourWord(random, portrait['hat.colour'])} ${word}`, 'hat', 'hat.colour')
    : phrase(`a ${word}`, 'hat');
}

const BEARD: Words<'beard'> = {
  none: ['a clean-shaven face', 'no beard'],
  beard: ['{c} beard', '{c} beard', 'full {c} beard', 'thick {c} beard', 'bushy {c} beard', '{c} goatee'],
  moustache: ['{c} moustache', '{c} moustache', '{c} mustache', 'thick {c} moustache'],
};

export function beard(random: Random, portrait: Portrait): Phrase {
  if (portrait.beard === 'none') return oneOf(random, BEARD.none, 'beard');
  const said = random.chance(0.5) ? hairColour(random, portrait) : NOTHING;
  return phrase(`a ${random.pick(BEARD[portrait.beard]).replace('{c}', said.text)}`, 'beard', ...said.states);
}

/** Any of them for anybody: what is worn must not tell who somebody is. */
const GARMENTS = [
  'shirt',
  'shirt',
  'top',
  'sweater',
  'jumper',
  'pullover',
  'T-shirt',
  'jacket',
  'hoodie',
  'dress',
  'suit',
  'coat',
  'blouse',
  'gown',
  'cardigan',
  'sweatshirt',
  'polo shirt',
  'outfit',
];

export const garment = (random: Random, portrait: Portrait): Phrase =>
  phrase(`a ${colourWord(random, portrait['clothing.colour'])} ${random.pick(GARMENTS)}`, 'clothing.colour');

/** Where the person is; a leading comma makes it a keyword. */
export function background(random: Random, portrait: Portrait): Phrase {
  const colour = colourWord(random, portrait.background);
  return oneOf(
    random,
    [
      `on a ${colour} background`,
      `on a ${colour} background`,
      `against a ${colour} background`,
      `in front of a ${colour} wall`,
      `before a plain ${colour} backdrop`,
      `, ${colour} background`,
      `with a ${colour} background`,
    ],
    'background',
  );
}
