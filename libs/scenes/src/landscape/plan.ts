/** Which landscape to draw: attributes at random, within what goes together. */
import { checkFixed } from '../attributes.ts';
import type { Random } from '../random.ts';
import type { Attributes } from '../scene.ts';
import { COLOURS, COMPANIONS, COUNTS, GROUPS, KINDS, type Weights } from './kinds.ts';
import {
  type Key,
  type Kind,
  LANDSCAPE_VOCABULARY,
  type Place,
  type Plan,
  type SubjectColour,
  type Value,
} from './vocabulary.ts';

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
  sea: { clear: 66, cloudy: 14, rain: 12, snow: 2, fog: 6 },
  lake: { clear: 66, cloudy: 14, rain: 8, snow: 6, fog: 6 },
  beach: { clear: 72, cloudy: 12, rain: 9, snow: 3, fog: 4 },
  mountains: { clear: 64, cloudy: 14, rain: 6, snow: 10, fog: 6 },
  forest: { clear: 62, cloudy: 8, rain: 9, snow: 12, fog: 9 },
  desert: { clear: 76, cloudy: 12, rain: 5, snow: 3, fog: 4 },
  city: { clear: 58, cloudy: 12, rain: 14, snow: 10, fog: 6 },
  meadow: { clear: 66, cloudy: 14, rain: 9, snow: 9, fog: 2 },
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
  const many = (place === 'forest' && isTree(kind)) || (place === 'mountains' && kind === 'pine');
  const count = choose('subject1.count', kind === 'none' ? NONE : many ? { many: 1 } : (COUNTS[kind] ?? ONE));
  const colour = choose('subject1.colour', COLOURS[kind] ?? NONE);
  const companion = choose('subject2.kind', count === '1' ? companions(place, kind) : NONE);
  const roomy = place === 'sea' || place === 'beach' || place === 'desert' || place === 'meadow';
  return {
    place,
    time,
    weather,
    season,
    'subject1.kind': kind,
    'subject1.group': choose('subject1.group', { [GROUPS[kind]]: 1 }),
    'subject1.colour': colour,
    'subject1.count': count,
    'subject2.kind': companion,
    'subject2.colour': choose('subject2.colour', companionColours(companion, kind, colour)),
    relation: choose('relation', companion === 'none' ? NONE : { left: 1, right: 1 }),
    'sky.body': choose('sky.body', bodies(time, weather)),
    birds: choose(
      'birds',
      roomy && weather === 'clear' && time !== 'night' ? { yes: 25, no: 75 } : { no: 1 },
    ),
  };
}

const isTree = (kind: Kind): boolean => kind === 'tree' || kind === 'pine';

/** What may stand beside a single subject: another of its kind only where colours tell the two apart. */
function companions(place: Place, kind: Kind): Weights<Kind> {
  if (kind === 'pyramid' || (place === 'beach' && GROUPS[kind] === 'boat')) return NONE;
  const weights = COMPANIONS[place] ?? NONE;
  return COLOURS[kind] ? weights : { ...weights, [kind]: 0 };
}

function companionColours(companion: Kind, kind: Kind, colour: SubjectColour): Weights<SubjectColour> {
  const colours = COLOURS[companion] ?? NONE;
  return companion === kind && kind !== 'none' ? { ...colours, [colour]: 0 } : colours;
}

function seasons(place: Place, weather: Value<'weather'>, kind: Kind): Weights<Value<'season'>> {
  if (weather === 'snow') return { winter: 1 };
  const thaw = weather === 'rain' ? 0 : 1;
  if (place === 'meadow' || (place === 'forest' && kind !== 'pine'))
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
