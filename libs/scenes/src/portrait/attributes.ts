/** Drawing the attributes of a portrait: independent and balanced, except where plausibility forbids. */
import { checkFixed } from '../attributes.ts';
import type { Random } from '../random.ts';
import type { Attributes } from '../scene.ts';
import {
  AGES,
  BACKGROUNDS,
  CLOTHING_COLOURS,
  EXPRESSIONS,
  GENDERS,
  HAT_COLOURS,
  PORTRAIT_VOCABULARY,
  type Portrait,
  SKINS,
  skinTone,
} from './vocabulary.ts';

type Weights<K extends keyof Portrait> = Readonly<Record<Portrait[K], number>>;

/**
 * Attributes of a random portrait with the pinned ones as asked. Pinned values win over plausibility
 * (a pinned beard makes a man unless a woman is pinned as well).
 * Throws RangeError on unknown keys or values, and where two pinned values cannot both hold.
 */
export function drawPortrait(random: Random, fixed: Attributes = {}): Portrait {
  checkFixed(PORTRAIT_VOCABULARY, fixed);
  // No colour means nothing to be coloured.
  const pinned: Partial<Portrait> = {
    ...(fixed['hat.colour'] === 'none' ? { hat: 'none' } : {}),
    ...(fixed['hair.colour'] === 'none' ? { 'hair.style': 'bald', beard: 'none' } : {}),
    ...fixed,
  };

  const bearded = pinned.beard !== undefined && pinned.beard !== 'none';
  const age = pinned.age ?? random.pick(bearded || pinned['hair.style'] === 'bald' ? AGES.slice(1) : AGES);
  const impliesMan = bearded || pinned['hair.style'] === 'bald';
  const gender = pinned.gender ?? (impliesMan ? 'man' : random.pick(GENDERS));
  const skin =
    pinned.skin ?? random.pick(SKINS.filter((s) => skinTone(s) === (pinned['skin.tone'] ?? skinTone(s))));
  const hat =
    pinned.hat ??
    (hasColour(pinned['hat.colour'])
      ? random.pick(['cap', 'beanie', 'brimmed'] as const)
      : random.weighted({ none: 0.52, cap: 0.16, beanie: 0.16, brimmed: 0.16 }));
  const style = pinned['hair.style'] ?? random.weighted(styleWeights(age, gender, hat));
  const beard = pinned.beard ?? random.weighted(beardWeights(age, gender));
  const bare = style === 'bald' && beard === 'none';
  const background =
    pinned.background ??
    random.pick(BACKGROUNDS.filter((c) => c !== pinned['clothing.colour'] && c !== pinned['hat.colour']));
  const others = <T extends string>(colours: readonly T[]): T[] => colours.filter((c) => c !== background);
  const portrait: Portrait = {
    age,
    gender,
    skin,
    'skin.tone': skinTone(skin),
    'hair.style': style,
    'hair.colour':
      pinned['hair.colour'] ?? (bare ? 'none' : random.weighted(hairColourWeights(age, background))),
    glasses: pinned.glasses ?? random.weighted({ none: 0.5, glasses: 0.3, sunglasses: 0.2 }),
    hat,
    'hat.colour': pinned['hat.colour'] ?? (hat === 'none' ? 'none' : random.pick(others(HAT_COLOURS))),
    beard,
    expression: pinned.expression ?? random.pick(EXPRESSIONS),
    'clothing.colour': pinned['clothing.colour'] ?? random.pick(others(CLOTHING_COLOURS)),
    background,
  };
  checkConsistent(portrait, pinned);
  return portrait;
}

const hasColour = (colour: string | undefined): boolean => colour !== undefined && colour !== 'none';

function styleWeights(
  age: Portrait['age'],
  gender: Portrait['gender'],
  hat: Portrait['hat'],
): Weights<'hair.style'> {
  // A hat hides a bun on top of the head, so the two are not drawn together unless asked for.
  const bun = hat === 'none' ? 1 : 0;
  if (gender === 'woman')
    return { short: 0.8, long: 1.6, curly: 1.2, bun: 1.3 * bun, ponytail: 1.2, afro: 1, bald: 0 };
  const bald = age === 'child' ? 0 : age === 'old' ? 1.6 : 1;
  return { short: 2.2, long: 0.6, curly: 1, bun: 0.3 * bun, ponytail: 0.3, afro: 0.9, bald };
}

function beardWeights(age: Portrait['age'], gender: Portrait['gender']): Weights<'beard'> {
  if (gender === 'woman' || age === 'child') return { none: 1, beard: 0, moustache: 0 };
  return { none: 0.4, beard: 0.34, moustache: 0.26 };
}

function hairColourWeights(age: Portrait['age'], background: Portrait['background']): Weights<'hair.colour'> {
  const weights =
    age === 'old'
      ? { black: 0.2, brown: 0.2, blonde: 0.2, red: 0.2, grey: 3, white: 3, none: 0 }
      : { black: 1.3, brown: 1.2, blonde: 1.2, red: 1.2, grey: age === 'adult' ? 0.5 : 0, white: 0, none: 0 };
  // The silhouette must stand out from what is behind it.
  for (const colour of LIKE_HAIR[background] ?? []) weights[colour] = 0;
  return weights;
}

/** Hair colours that would melt into a background. */
const LIKE_HAIR: Partial<Record<Portrait['background'], readonly Portrait['hair.colour'][]>> = {
  black: ['black'],
  grey: ['grey'],
  white: ['white'],
  red: ['red'],
  orange: ['red', 'blonde'],
  yellow: ['blonde'],
};

function checkConsistent(portrait: Portrait, pinned: Partial<Portrait>): void {
  const fail = (message: string): never => {
    throw new RangeError(message);
  };
  if (pinned['skin.tone'] && pinned['skin.tone'] !== portrait['skin.tone'])
    fail(`skin "${portrait.skin}" is not ${pinned['skin.tone']}`);
  if ((portrait.hat === 'none') !== (portrait['hat.colour'] === 'none'))
    fail(`hat "${portrait.hat}" cannot have the colour "${portrait['hat.colour']}"`);
  const hairless = portrait['hair.style'] === 'bald' && portrait.beard === 'none';
  if (hairless !== (portrait['hair.colour'] === 'none'))
    fail(
      `hair "${portrait['hair.style']}" with beard "${portrait.beard}" cannot have the colour "${portrait['hair.colour']}"`,
    );
}
