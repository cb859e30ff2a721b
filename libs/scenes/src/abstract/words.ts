/** The words for shapes, counts and colours. */
import { colourWord, type Phrase, phrase } from '../captions.ts';
import type { Colour } from '../palette.ts';
import type { Random } from '../random.ts';
import type { Count, Group, Shape } from './vocabulary.ts';

/** Singular and plural, commonest first. */
const SHAPE_WORDS: Record<Shape, readonly (readonly [string, string])[]> = {
  circle: [
    ['circle', 'circles'],
    ['circle', 'circles'],
    ['disc', 'discs'],
    ['disk', 'disks'],
    ['round shape', 'round shapes'],
    ['ball', 'balls'],
  ],
  square: [
    ['square', 'squares'],
    ['square', 'squares'],
    ['box', 'boxes'],
    ['square block', 'square blocks'],
  ],
  triangle: [
    ['triangle', 'triangles'],
    ['triangle', 'triangles'],
    ['pyramid shape', 'pyramid shapes'],
  ],
  star: [
    ['star', 'stars'],
    ['star', 'stars'],
    ['five-pointed star', 'five-pointed stars'],
    ['star shape', 'star shapes'],
  ],
  heart: [
    ['heart', 'hearts'],
    ['heart', 'hearts'],
    ['heart shape', 'heart shapes'],
    ['love heart', 'love hearts'],
  ],
  diamond: [
    ['diamond', 'diamonds'],
    ['diamond', 'diamonds'],
    ['rhombus', 'rhombuses'],
    ['diamond shape', 'diamond shapes'],
  ],
};

const COUNT_WORDS: Record<Count, readonly string[]> = {
  '1': ['a', 'a', 'a', 'one', 'one', 'a single', '1'],
  '2': ['two', 'two', 'two', '2', 'a pair of', 'two'],
  '3': ['three', 'three', 'three', '3', 'a trio of', 'three'],
  '4': ['four', 'four', 'four', '4', 'four', 'a group of four'],
  '5': ['five', 'five', '5', 'a group of five'],
};

/** 'two red circles': telling shape and count, and mostly the colour. `article` 'the' gives 'the two red circles'. */
export function groupPhrase(
  random: Random,
  name: 'group1' | 'group2',
  { shape, colour, count }: Group,
  withColour = true,
): Phrase {
  const [one, many] = random.chance(0.6)
    ? (SHAPE_WORDS[shape][0] as readonly [string, string])
    : random.pick(SHAPE_WORDS[shape]);
  const size = count === '1' && random.chance(0.12) ? random.pick(['big', 'large']) : '';
  const text = `${random.pick(COUNT_WORDS[count])} ${size} ${withColour ? colourWord(random, colour) : ''} ${count === '1' ? one : many}`;
  return phrase(text, 'kind', `${name}.shape`, `${name}.count`, ...(withColour ? [`${name}.colour`] : []));
}

/** 'red circles': the number left open (one shape is one all the same). */
export function uncounted(random: Random, { shape, colour, count }: Group): Phrase {
  const [one, many] = random.pick(SHAPE_WORDS[shape]);
  const counted = count === '1' ? ['group1.count'] : [];
  return phrase(
    `${colourWord(random, colour)} ${count === '1' ? one : many}`,
    'kind',
    'group1.shape',
    'group1.colour',
    ...counted,
  );
}

export function backgroundPhrase(random: Random, background: Colour): Phrase {
  const colour = colourWord(random, background);
  return phrase(
    random.pick([
      `on a ${colour} background`,
      `on a ${colour} background`,
      `on ${colour}`,
      `against a ${colour} background`,
      `, ${colour} background`,
      `on a plain ${colour} ground`,
    ]),
    'background',
  );
}
