/** Drawing groups of shapes at random: counts, shapes, colours and relations evenly. */
import type { Colour } from '../palette.ts';
import type { Random } from '../random.ts';
import type { Attributes } from '../scene.ts';
import { apartFrom } from './contrast.ts';
import type { Shapes } from './picture.ts';
import { type Count, type Group, type Relation, SHAPES, type Shape } from './vocabulary.ts';

const ALONE: Record<Count, number> = { '1': 1, '2': 1, '3': 1, '4': 1, '5': 0.3 };
const IN_TWO: Record<Count, number> = { '1': 1.3, '2': 1, '3': 1, '4': 0.8, '5': 0 };
const INNER: Record<Count, number> = { '1': 1, '2': 0.22, '3': 0.16, '4': 0.12, '5': 0 };
/** Shapes with room for more than one inside. */
const ROOMY: readonly Shape[] = ['circle', 'square'];

/** White most often: it is what an unsaid background is expected to be; muddy grounds seldom. */
const GROUND: Record<Colour, number> = {
  white: 3,
  black: 1,
  red: 0.8,
  orange: 0.8,
  yellow: 1,
  green: 1,
  teal: 0.8,
  blue: 1,
  purple: 1,
  pink: 1,
  brown: 0.3,
  grey: 0.7,
};

/** Throws RangeError where pinned values contradict each other or would hide a shape. */
export function drawGroups(random: Random, fixed: Attributes): Shapes {
  const pin = <T extends string>(key: string): T | undefined => {
    if (fixed[key] === 'none') throw new RangeError(`"${key}" cannot be "none" in this picture of shapes`);
    return fixed[key] as T | undefined;
  };
  const two = drawTwo(random, fixed);
  const relation = two
    ? (pin<Relation>('relation') ?? random.weighted({ above: 0.36, left: 0.36, inside: 0.28 }))
    : 'none';
  const pinnedColours = [
    pin<Colour>('group1.colour'),
    two ? pin<Colour>('group2.colour') : undefined,
  ] as const;
  const background = pin<Colour>('background') ?? weightedPick(random, apartFrom(...pinnedColours));

  const count1 =
    pin<Count>('group1.count') ?? random.weighted(relation === 'inside' ? INNER : two ? IN_TWO : ALONE);
  const colour1 = pinnedColours[0] ?? random.pick(apartFrom(background, pinnedColours[1]));
  const shape2 = two ? pin<Shape>('group2.shape') : undefined;
  const sameColour = pinnedColours[1] === colour1;
  const shape1 =
    pin<Shape>('group1.shape') ?? random.pick(SHAPES.filter((s) => !(sameColour && s === shape2)));
  const group1: Group = { shape: shape1, colour: colour1, count: count1 };
  if (!two) return checked({ kind: 'shapes', group1, group2: undefined, relation, background });

  const hosts = relation === 'inside' && count1 !== '1' ? ROOMY : SHAPES;
  const shape = shape2 ?? random.pick(hosts.filter((s) => !(sameColour && s === shape1)));
  // Now and then one colour for both: only the shape tells the groups apart then.
  const one = relation !== 'inside' && shape !== shape1 && random.chance(0.1);
  const group2: Group = {
    shape,
    colour: pinnedColours[1] ?? (one ? colour1 : random.pick(apartFrom(background, colour1))),
    count: pin<Count>('group2.count') ?? (relation === 'inside' ? '1' : random.weighted(IN_TWO)),
  };
  return checked({ kind: 'shapes', group1, group2, relation, background });
}

const weightedPick = (random: Random, colours: readonly Colour[]): Colour =>
  random.weighted(Object.fromEntries(colours.map((c) => [c, GROUND[c]])) as Record<Colour, number>);

/** Whether there are two groups: as the pinned keys imply, else mostly, for relations are learnt last. */
function drawTwo(random: Random, fixed: Attributes): boolean {
  const second = Object.entries(fixed).filter(([key]) => key.startsWith('group2.') || key === 'relation');
  if (second.some(([, value]) => value !== 'none')) return true;
  return second.length === 0 && random.chance(0.68);
}

function checked(picture: Shapes): Shapes {
  const { group1, group2, background, relation } = picture;
  if (group1.colour === background || group2?.colour === background)
    throw new RangeError(`shapes cannot be ${background} on ${background}`);
  if (group2 && relation === 'inside' && group1.colour === group2.colour)
    throw new RangeError(`${group1.colour} inside ${group2.colour} cannot be seen`);
  if (group2 && group1.colour === group2.colour && group1.shape === group2.shape)
    throw new RangeError('the two groups must differ in shape or colour');
  return picture;
}
