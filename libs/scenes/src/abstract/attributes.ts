/** Drawing the attributes of an abstract picture. */
import { checkFixed } from '../attributes.ts';
import type { Colour } from '../palette.ts';
import type { Random } from '../random.ts';
import type { Attributes } from '../scene.ts';
import { apartFrom } from './contrast.ts';
import { drawGroups } from './draw-groups.ts';
import { type Abstract, flatten, type Pattern, type Symbolic } from './picture.ts';
import { ABSTRACT_COLOURS, ABSTRACT_VOCABULARY, type Direction, type Kind } from './vocabulary.ts';

const PATTERNS = {
  stripes: 0.06,
  checkerboard: 0.035,
  dots: 0.04,
  gradient: 0.05,
  waves: 0.035,
  rings: 0.035,
  sunburst: 0.025,
} as const;

/**
 * A random abstract picture with the pinned attributes as asked. Throws RangeError on unknown keys or values,
 * on keys the kind does not use, and on two colours that would be one.
 */
export function drawAbstract(random: Random, fixed: Attributes = {}): Abstract {
  checkFixed(ABSTRACT_VOCABULARY, fixed);
  const kind = (fixed.kind as Kind | undefined) ?? drawKind(random, fixed);
  const picture =
    kind === 'shapes'
      ? drawGroups(random, fixed)
      : kind === 'symbol'
        ? drawSymbol(random, fixed)
        : drawPattern(random, kind, fixed);
  const flat = flatten(picture);
  for (const [key, value] of Object.entries(fixed))
    if (flat[key] !== value)
      throw new RangeError(`"${key}" cannot be "${value}" in a picture of kind "${kind}"`);
  return picture;
}

/** A kind that has what the pinned keys speak of; shapes most often, for counts and relations are learnt last. */
function drawKind(random: Random, fixed: Attributes): Kind {
  const told = (key: string): boolean => fixed[key] !== undefined && fixed[key] !== 'none';
  const keys = Object.keys(fixed);
  if (told('symbol')) return 'symbol';
  if (keys.some((key) => told(key) && /^(group|relation|background)/.test(key))) return 'shapes';
  if (told('direction'))
    return fixed.direction === 'diagonal' ? 'stripes' : random.pick(['stripes', 'gradient'] as const);
  if (told('colour1') || told('colour2')) {
    const directed = fixed.direction === 'none' ? 0 : 1;
    return random.weighted({
      ...PATTERNS,
      stripes: PATTERNS.stripes * directed,
      gradient: PATTERNS.gradient * directed,
    });
  }
  const shapeless = keys.some((key) => /^(group1|background)/.test(key));
  if (fixed.colour1 === 'none' || fixed.colour2 === 'none') return 'shapes';
  return random.weighted<Kind>({
    ...PATTERNS,
    shapes: shapeless ? 0 : 0.9,
    symbol: fixed.symbol === 'none' ? 0 : 0.05,
  });
}

function drawPattern(random: Random, kind: Pattern['kind'], fixed: Attributes): Pattern {
  const directions: readonly Direction[] =
    kind === 'stripes'
      ? ['horizontal', 'vertical', 'diagonal']
      : kind === 'gradient'
        ? ['vertical', 'horizontal']
        : ['none'];
  const pinned = fixed.direction as Direction | undefined;
  if (pinned && !directions.includes(pinned))
    throw new RangeError(`"direction" cannot be "${pinned}" for kind "${kind}"`);
  // Neighbouring colours blend well; bands of them would not be told apart.
  const near = kind === 'gradient' || kind === 'waves';
  return { kind, ...twoColours(random, fixed, near), direction: pinned ?? random.pick(directions) };
}

/** The colours a sign usually has: [its own, its ground's]. */
const USUAL: Record<Symbolic['symbol'], readonly [readonly Colour[], readonly Colour[]]> = {
  sun: [
    ['yellow', 'yellow', 'orange'],
    ['blue', 'white', 'teal', 'pink', 'purple'],
  ],
  moon: [
    ['yellow', 'white'],
    ['blue', 'black', 'purple'],
  ],
  rainbow: [['red'], ['white', 'teal', 'grey', 'black']],
  'split-heart': [ABSTRACT_COLOURS, ABSTRACT_COLOURS],
  'yin-yang': [['black'], ['white']],
};

function drawSymbol(random: Random, fixed: Attributes): Symbolic {
  const symbol =
    (fixed.symbol as Symbolic['symbol'] | undefined) ??
    random.pick(Object.keys(USUAL) as Symbolic['symbol'][]);
  if (!(symbol in USUAL)) throw new RangeError('"symbol" cannot be "none" in a picture of kind "symbol"');
  const [own, ground] = USUAL[symbol];
  const draw = (usual: readonly Colour[], others: readonly Colour[]): Colour => {
    const fitting = usual.filter((colour) => others.includes(colour));
    return random.pick(fitting.length ? fitting : others);
  };
  const colour2 = fixed.colour2 as Colour | undefined;
  const colour1 = (fixed.colour1 as Colour | undefined) ?? draw(own, apartFrom(colour2));
  return { kind: 'symbol', symbol, ...distinct(colour1, colour2 ?? draw(ground, apartFrom(colour1))) };
}

function twoColours(random: Random, fixed: Attributes, near: boolean): { colour1: Colour; colour2: Colour } {
  const others = (colour: Colour | undefined): Colour[] =>
    near ? ABSTRACT_COLOURS.filter((c) => c !== colour) : apartFrom(colour);
  const colour1 =
    (fixed.colour1 as Colour | undefined) ?? random.pick(others(fixed.colour2 as Colour | undefined));
  return distinct(colour1, (fixed.colour2 as Colour | undefined) ?? random.pick(others(colour1)));
}

function distinct(colour1: Colour, colour2: Colour): { colour1: Colour; colour2: Colour } {
  for (const colour of [colour1, colour2])
    if (!ABSTRACT_COLOURS.includes(colour)) throw new RangeError(`a pattern's colour cannot be "${colour}"`);
  if (colour1 === colour2) throw new RangeError(`colour1 and colour2 cannot both be ${colour1}`);
  return { colour1, colour2 };
}
