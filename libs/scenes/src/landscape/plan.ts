/** Which landscape to draw: attributes at random, within what goes together. */
import { checkFixed } from '../attributes.ts';
import type { Random } from '../random.ts';
import type { Attributes } from '../scene.ts';
import {
  type Key,
  type Kind,
  LANDSCAPE_VOCABULARY,
  type Place,
  type Plan,
  type SubjectColour,
  type Value,
} from './vocabulary.ts';

type Weights<T extends string> = Readonly<Partial<Record<T, number>>>;

const PLACES: Weights<Place> = {
  sea: 27,
  lake: 9,
  beach: 10,
  mountains: 13,
  forest: 9,
  desert: 10,
  city: 10,
  meadow: 23,
};
const TIMES: Weights<Value<'time'>> = { day: 42, sunset: 24, dawn: 10, night: 24 };
const WEATHERS: Record<Place, Weights<Value<'weather'>>> = {
  sea: { clear: 66, cloudy: 16, rain: 12, fog: 6 },
  lake: { clear: 66, cloudy: 14, rain: 8, snow: 6, fog: 6 },
  beach: { clear: 78, cloudy: 14, rain: 8 },
  mountains: { clear: 64, cloudy: 14, rain: 6, snow: 10, fog: 6 },
  forest: { clear: 62, cloudy: 8, rain: 9, snow: 12, fog: 9 },
  desert: { clear: 84, cloudy: 16 },
  city: { clear: 58, cloudy: 12, rain: 14, snow: 10, fog: 6 },
  meadow: { clear: 66, cloudy: 14, rain: 9, snow: 9, fog: 2 },
};
const KINDS: Record<Place, Weights<Kind>> = {
  sea: { sailboat: 50, ship: 18, rowboat: 14, lighthouse: 11, none: 5 },
  lake: { sailboat: 35, rowboat: 30, none: 35 },
  beach: { palm: 52, umbrella: 36, none: 9 },
  mountains: { none: 70, house: 18, pine: 12 },
  forest: { tree: 55, pine: 45 },
  desert: { camel: 33, cactus: 31, pyramid: 29, none: 5 },
  city: { none: 60, car: 40 },
  meadow: { house: 26, dog: 19, cat: 10, horse: 13, cow: 11, sheep: 9, tree: 7, none: 3 },
};
const COLOURS: Partial<Record<Kind, Weights<SubjectColour>>> = {
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
  car: { red: 35, yellow: 22, blue: 20, green: 10, white: 13 },
};
const COUNTS: Partial<Record<Kind, Weights<Value<'subject1.count'>>>> = {
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
};
const COMPANIONS: Partial<Record<Kind, Weights<Value<'subject2.kind'>>>> = {
  house: { none: 55, tree: 45 },
  dog: { none: 60, tree: 20, house: 20 },
  cat: { none: 70, tree: 15, house: 15 },
  horse: { none: 66, tree: 22, house: 12 },
  cow: { none: 66, tree: 22, house: 12 },
  sheep: { none: 70, tree: 30 },
  umbrella: { none: 55, palm: 45 },
};
const GROUPS: Record<Kind, Value<'subject1.group'>> = {
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
const ONE = { 1: 1 } as const;
const NONE = { none: 1 } as const;
const ATTEMPTS = 20_000;

/** A pinned value wins where the context allows it; otherwise the draw goes on and `planLandscape` rejects it. */
type Choose = <K extends Key>(key: K, weights: Weights<Value<K>>) => Value<K>;

function drawPlan(choose: Choose): Plan {
  const place = choose('place', PLACES);
  const time = choose('time', TIMES);
  const weather = choose('weather', time === 'night' ? { ...WEATHERS[place], fog: 0 } : WEATHERS[place]);
  const kind = choose('subject1.kind', KINDS[place]);
  const season = choose('season', seasons(place, weather, kind));
  const many = place === 'forest' || (place === 'mountains' && kind === 'pine');
  const count = choose('subject1.count', kind === 'none' ? NONE : many ? { many: 1 } : (COUNTS[kind] ?? ONE));
  const companions = count === '1' && place !== 'mountains' ? COMPANIONS[kind] : undefined;
  const companion = choose('subject2.kind', companions ?? NONE);
  const roomy = place === 'sea' || place === 'beach' || place === 'desert' || place === 'meadow';
  return {
    place,
    time,
    weather,
    season,
    'subject1.kind': kind,
    'subject1.group': choose('subject1.group', { [GROUPS[kind]]: 1 }),
    'subject1.colour': choose('subject1.colour', COLOURS[kind] ?? NONE),
    'subject1.count': count,
    'subject2.kind': companion,
    relation: choose('relation', companion === 'none' ? NONE : { left: 1, right: 1 }),
    'sky.body': choose('sky.body', bodies(time, weather)),
    birds: choose(
      'birds',
      roomy && weather === 'clear' && time !== 'night' ? { yes: 25, no: 75 } : { no: 1 },
    ),
  };
}

function seasons(place: Place, weather: Value<'weather'>, kind: Kind): Weights<Value<'season'>> {
  if (weather === 'snow') return { winter: 1 };
  const thaw = weather === 'rain' ? 0 : 1;
  if (place === 'meadow' || (place === 'forest' && kind === 'tree'))
    return { summer: 50, autumn: place === 'forest' ? 36 : 18, spring: 20, winter: 8 * thaw };
  if (place === 'forest') return { none: 85, winter: 15 * thaw };
  if (place === 'mountains') return { none: 74, winter: 26 * thaw };
  return NONE;
}

function bodies(time: Value<'time'>, weather: Value<'weather'>): Weights<Value<'sky.body'>> {
  if (weather !== 'clear') return NONE;
  if (time === 'night') return { 'full moon': 45, 'crescent moon': 35, none: 20 };
  return time === 'day' ? { sun: 75, none: 25 } : { sun: 85, none: 15 };
}

/**
 * Draw a plan, honouring the pinned attributes.
 * Throws RangeError naming an unknown key, an unknown value, or a combination no landscape has.
 */
export function planLandscape(random: Random, fixed: Attributes = {}): Plan {
  checkFixed(LANDSCAPE_VOCABULARY, fixed);
  const choose: Choose = (key, weights) => {
    const pinned = fixed[key] as keyof typeof weights | undefined;
    if (pinned !== undefined && (weights[pinned] ?? 0) > 0) return pinned;
    return random.weighted(weights as Record<string, number>) as Value<typeof key>;
  };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const plan = drawPlan(choose);
    if (Object.entries(fixed).every(([key, value]) => plan[key as Key] === value)) return plan;
  }
  throw new RangeError(`no landscape has ${JSON.stringify(fixed)}`);
}
