/** What is known of subjects: where they are found, which colours they have, how many there are, and what stands beside them. */
import type { Kind, Place, SubjectColour, Value } from './vocabulary.ts';

/** How often each is drawn, relative to the others; what isn't listed never is. */
export type Weights<T extends string> = Readonly<Partial<Record<T, number>>>;

/** Kinds that may stand on any ground: nobody who asks for a camel in a city wants to hear that there are none. */
const ANYWHERE: Weights<Kind> = {
  house: 4,
  dog: 4,
  cat: 4,
  horse: 3,
  cow: 2,
  sheep: 2,
  camel: 2,
  cactus: 2,
  palm: 2,
  pine: 2,
  tree: 3,
  umbrella: 2,
  car: 4,
  lighthouse: 3,
};

/** The trees of a forest are the forest. */
const IN_FOREST: Weights<Kind> = { ...ANYWHERE, tree: 0, pine: 0 };

export const KINDS: Record<Place, Weights<Kind>> = {
  sea: { sailboat: 50, ship: 18, rowboat: 14, lighthouse: 13, none: 5 },
  lake: { ...ANYWHERE, sailboat: 35, rowboat: 30, none: 35 },
  beach: { ...ANYWHERE, sailboat: 4, ship: 3, rowboat: 3, palm: 45, umbrella: 34, none: 9 },
  mountains: { ...ANYWHERE, none: 64, house: 18, pine: 12 },
  forest: { ...IN_FOREST, tree: 48, pine: 40 },
  desert: { ...ANYWHERE, camel: 33, cactus: 31, pyramid: 29, none: 5 },
  city: { ...ANYWHERE, none: 50, car: 40 },
  meadow: { ...ANYWHERE, house: 26, dog: 19, cat: 13, horse: 13, cow: 11, sheep: 9, tree: 8, none: 3 },
};

export const COLOURS: Partial<Record<Kind, Weights<SubjectColour>>> = {
  sailboat: { white: 26, red: 18, blue: 12, yellow: 12, orange: 9, green: 9, purple: 7, pink: 7 },
  ship: { red: 30, black: 15, blue: 25, white: 15, green: 15 },
  rowboat: { brown: 35, red: 20, blue: 15, green: 10, yellow: 10, white: 10 },
  lighthouse: { red: 70, blue: 20, black: 10 },
  house: { red: 24, white: 18, yellow: 18, blue: 18, pink: 8, orange: 7, green: 7 },
  dog: { brown: 42, yellow: 18, black: 18, white: 14, grey: 8 },
  cat: { orange: 35, black: 25, grey: 20, white: 20 },
  horse: { brown: 50, black: 25, white: 25 },
  cow: { black: 65, brown: 35 },
  sheep: { white: 85, black: 15 },
  umbrella: { red: 35, yellow: 20, blue: 20, green: 10, orange: 8, pink: 7 },
  car: { red: 33, yellow: 21, blue: 20, green: 10, white: 12, black: 4 },
};

export const COUNTS: Partial<Record<Kind, Weights<Value<'subject1.count'>>>> = {
  sailboat: { 1: 74, 2: 15, 3: 11 },
  ship: { 1: 90, 2: 10 },
  rowboat: { 1: 80, 2: 20 },
  dog: { 1: 74, 2: 16, 3: 10 },
  cat: { 1: 72, 2: 18, 3: 10 },
  horse: { 1: 78, 2: 22 },
  cow: { 1: 70, 2: 20, 3: 10 },
  sheep: { 1: 40, 2: 28, 3: 32 },
  camel: { 1: 68, 2: 20, 3: 12 },
  cactus: { 1: 45, 2: 28, 3: 27 },
  pyramid: { 1: 35, 2: 25, 3: 40 },
  palm: { 1: 38, 2: 37, 3: 25 },
  house: { 1: 86, 2: 14 },
  car: { 1: 84, 2: 11, 3: 5 },
  tree: { 1: 76, 2: 14, 3: 10 },
};

/** Beside a single subject on the ground: what stands there, or mostly nothing. */
const ON_LAND: Weights<Kind> = {
  none: 80,
  tree: 12,
  house: 10,
  dog: 5,
  cat: 5,
  horse: 3,
  cow: 2,
  sheep: 2,
  camel: 1,
  cactus: 1,
  palm: 4,
  pine: 2,
  umbrella: 2,
  car: 4,
  lighthouse: 4,
};
const ON_WATER: Weights<Kind> = { none: 70, sailboat: 9, lighthouse: 9, rowboat: 6, ship: 6 };

/** What may be beside a single subject of a place; nothing where it is missing. */
export const COMPANIONS: Partial<Record<Place, Weights<Kind>>> = {
  sea: ON_WATER,
  beach: ON_LAND,
  mountains: ON_LAND,
  forest: { ...ON_LAND, tree: 0, pine: 0 },
  desert: { ...ON_LAND, pyramid: 8 },
  city: ON_LAND,
  meadow: ON_LAND,
};

export const GROUPS: Record<Kind, Value<'subject1.group'>> = {
  sailboat: 'boat',
  ship: 'boat',
  rowboat: 'boat',
  lighthouse: 'building',
  house: 'building',
  dog: 'animal',
  cat: 'animal',
  horse: 'animal',
  cow: 'animal',
  sheep: 'animal',
  camel: 'animal',
  cactus: 'plant',
  pyramid: 'building',
  palm: 'plant',
  umbrella: 'object',
  car: 'object',
  tree: 'plant',
  pine: 'plant',
  none: 'none',
};
