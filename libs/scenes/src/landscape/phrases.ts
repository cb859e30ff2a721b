/** Phrases of a landscape's facts: each knows which attributes it tells. */
import { NOTHING, oneOf, type Phrase, phrase } from '../captions.ts';
import { COLOUR_WORDS } from '../palette.ts';
import type { Random } from '../random.ts';
import * as places from './place-words.ts';
import * as words from './setting-words.ts';
import * as names from './subject-words.ts';
import type { Kind, Place, Plan, SubjectColour, Value } from './vocabulary.ts';

const NUMBERS: Partial<Record<Value<'subject1.count'>, readonly string[]>> = {
  '2': ['two', 'two', 'two', 'a pair of', '2', 'a couple of'],
  '3': ['three', 'three', 'three', '3', 'a group of three'],
};

/** The places' bare nouns, to put an adjective before. */
const NOUNS: Record<Place, readonly string[]> = {
  sea: ['ocean', 'sea', 'bay'],
  lake: ['lake', 'mountain lake'],
  beach: ['beach', 'seaside', 'shore'],
  mountains: ['mountain', 'mountain landscape', 'mountain range', 'peak'],
  forest: ['forest', 'woodland', 'wood'],
  desert: ['desert', 'desert landscape'],
  city: ['city', 'city street', 'skyline', 'town', 'cityscape'],
  meadow: ['field', 'meadow', 'countryside', 'landscape'],
};

const OVER: Record<Value<'time'>, readonly string[]> = {
  day: ['a sunny day at', 'daytime at', 'midday at'],
  sunset: [
    'sunset over',
    'a sunset over',
    'dusk over',
    'evening at',
    'an orange sunset over',
    'golden hour at',
  ],
  dawn: ['sunrise over', 'dawn over', 'daybreak at', 'early morning at', 'a pink sunrise over'],
  night: ['night over', 'a dark night at', 'nighttime at', 'midnight at'],
};

const THE: Record<Place, readonly string[]> = {
  sea: ['the ocean', 'the sea', 'the waves'],
  lake: ['the lake', 'a lake'],
  beach: ['the beach', 'a beach', 'the seaside'],
  mountains: ['the mountains', 'mountains', 'the peaks'],
  forest: ['the forest', 'the woods'],
  desert: ['the desert', 'the dunes'],
  city: ['the city', 'the city skyline', 'the town'],
  meadow: ['the fields', 'the meadow', 'the countryside'],
};

export interface SubjectOptions {
  colour?: boolean;
  /** Use a word for the whole group ("boat") instead of the kind. */
  loose?: boolean;
  doing?: boolean;
}

/** "three red sailboats", "a boat", "a dog sitting"; NOTHING where there is no subject of its own. */
export function subject(random: Random, plan: Plan, options: SubjectOptions = {}): Phrase {
  const {
    'subject1.kind': kind,
    'subject1.group': group,
    'subject1.count': count,
    'subject1.colour': colour,
  } = plan;
  if (kind === 'none') return NOTHING;
  const loose = options.loose ? names.GROUP_NAMES[group] : undefined;
  const [one, many] = random.pick(loose ?? names.KIND_NAMES[kind]);
  const name = count === '1' ? one : many;
  const article = count === '1' ? 'a' : count === 'many' ? '' : random.pick(NUMBERS[count] ?? ['']);
  const states = [
    'subject1.group',
    ...(loose ? [] : ['subject1.kind']),
    ...(count === 'many' ? [] : ['subject1.count']),
  ];
  const doing = options.doing ? random.pick(names.DOING[kind] ?? ['']) : '';
  if (!options.colour || colour === 'none') return phrase(`${article} ${name} ${doing}`, ...states);
  states.push('subject1.colour');
  return phrase(`${coloured(random, kind, colour, article, name, count === '1')} ${doing}`, ...states);
}

/** "a red house", "two boats with red sails", "a red and white lighthouse". */
function coloured(
  random: Random,
  kind: Exclude<Kind, 'none'>,
  colour: Exclude<SubjectColour, 'none'>,
  article: string,
  name: string,
  single = true,
): string {
  const word = random.pick(names.COATS[kind]?.[colour] ?? COLOUR_WORDS[colour]);
  if (kind === 'sailboat' && random.chance(0.55)) {
    const sail = single ? random.pick([`a ${word} sail`, `${word} sails`]) : `${word} sails`;
    return `${article} ${name} with ${sail}`;
  }
  if (kind === 'lighthouse')
    return random.pick([
      `${article} ${word} and white ${name}`,
      `${article} ${name} with ${word} stripes`,
      `${article} ${word} striped ${name}`,
    ]);
  return `${article} ${word} ${name}`;
}

/** "a pine forest", "the mountains", "an empty beach": the place as the picture's subject. */
export function placeName(random: Random, plan: Plan): Phrase {
  const { place, 'subject1.kind': kind, season } = plan;
  const trees = ['place', 'subject1.group', 'subject1.kind'];
  if (place === 'forest' && random.chance(0.5))
    return kind === 'pine'
      ? oneOf(
          random,
          [
            'a pine forest',
            'a pine forest',
            'an evergreen forest',
            'a forest of pines',
            'fir trees in the woods',
            'pine trees in a forest',
          ],
          ...trees,
        )
      : oneOf(
          random,
          ['a leafy forest', 'a deciduous forest', 'a forest of leafy trees', 'leafy trees in the woods'],
          ...trees,
        );
  if (place === 'mountains' && kind === 'pine' && random.chance(0.6))
    return oneOf(
      random,
      [
        'mountains with pine trees',
        'pine trees in front of mountains',
        'mountains behind pine trees',
        'a mountain landscape with fir trees',
      ],
      ...trees,
    );
  if (place === 'meadow' && season !== 'summer')
    return oneOf(
      random,
      places.PLACE_NAMES.meadow.filter((name) => !name.includes('green')),
      'place',
    );
  return oneOf(random, places.PLACE_NAMES[place], 'place');
}

/** "a rainy city", "a snowy mountain", "a winter forest": NOTHING when the scene has no such adjective. */
export function adjectivePlace(random: Random, plan: Plan): Phrase {
  const noun = random.pick(NOUNS[plan.place]);
  const choices: Phrase[] = [];
  if (plan.weather !== 'clear')
    choices.push(phrase(random.pick(words.WEATHER_ADJECTIVES[plan.weather]), 'weather'));
  if (plan.season === 'winter')
    choices.push(phrase(random.pick(['snowy', 'snow-covered', 'winter']), 'season'));
  else if (plan.season !== 'none')
    choices.push(
      phrase(
        random.pick(plan.season === 'autumn' ? ['autumn', 'fall', 'autumnal'] : [plan.season]),
        'season',
      ),
    );
  if (choices.length === 0) return NOTHING;
  const adjective = random.pick(choices);
  return phrase(`a ${adjective.text} ${noun}`, 'place', ...adjective.states);
}

/** "sunset over the sea", "a sunny day at the beach". */
export function timeOver(random: Random, plan: Plan): Phrase {
  const sunny = 'a sunny day at';
  const openings =
    plan.weather === 'clear' ? OVER[plan.time] : OVER[plan.time].filter((words) => words !== sunny);
  const opening = random.pick(openings);
  const states = opening === sunny ? ['time', 'place', 'weather'] : ['time', 'place'];
  return phrase(`${opening} ${random.pick(THE[plan.place])}`, ...states);
}

export function where(random: Random, { place, 'subject1.group': group }: Plan): Phrase {
  if (place === 'lake' && group !== 'boat') return oneOf(random, places.ASHORE, 'place');
  if (place === 'beach' && group === 'boat') return oneOf(random, places.OFFSHORE, 'place');
  return oneOf(random, places.WHERE[place], 'place');
}
export const when = (random: Random, { time }: Plan): Phrase => oneOf(random, words.WHEN[time], 'time');

export function weatherTail(random: Random, { weather, time }: Plan): Phrase {
  if (weather === 'clear' && time === 'night' && random.chance(0.7))
    return oneOf(
      random,
      [
        'under the stars',
        'under a starry sky',
        'with stars in the sky',
        'on a starry night',
        'with bright stars',
      ],
      'weather',
      'time',
    );
  if (weather === 'clear' && time === 'day' && random.chance(0.4))
    return oneOf(
      random,
      ['under a blue sky', 'on a sunny day', 'on a bright sunny day', 'with a blue sky'],
      'weather',
      'time',
    );
  return oneOf(random, words.WEATHER_TAILS[weather], 'weather');
}

export const seasonTail = (random: Random, { season }: Plan): Phrase =>
  season === 'none' ? NOTHING : oneOf(random, words.SEASON_TAILS[season], 'season');

export function skyTail(random: Random, plan: Plan): Phrase {
  const body = plan['sky.body'];
  if (body === 'none') return NOTHING;
  if (body !== 'sun' && random.chance(0.2))
    return oneOf(random, ['in the moonlight', 'with the moon in the sky', 'under the moon'], 'time');
  return oneOf(random, words.SKY_TAILS[body], 'sky.body');
}

export const birdsTail = (random: Random, { birds, place }: Plan): Phrase =>
  birds === 'no'
    ? NOTHING
    : oneOf(
        random,
        [
          'with birds in the sky',
          'and birds flying overhead',
          'with flying birds',
          'and a few birds',
          place === 'sea' || place === 'beach' ? 'with seagulls' : 'with a flock of birds',
        ],
        'birds',
      );

/** "next to a tree", "to the left of a house": the companion, with or without the side. */
export function companionTail(random: Random, plan: Plan): Phrase {
  const { 'subject2.kind': kind, 'subject2.colour': colour, relation } = plan;
  if (kind === 'none') return NOTHING;
  const name = random.pick(names.KIND_NAMES[kind])[0];
  const told = colour !== 'none' && random.chance(0.6);
  const other = told ? coloured(random, kind, colour, 'a', name) : `a ${name}`;
  const states = ['subject2.kind', ...(told ? ['subject2.colour'] : [])];
  if (random.chance(0.55))
    return oneOf(
      random,
      NEAR.map((words) => `${words} ${other}`),
      ...states,
    );
  const opposite = relation === 'left' ? 'right' : 'left';
  return oneOf(
    random,
    [
      `to the ${relation} of ${other}`,
      `on the ${relation} of ${other}`,
      `${relation} of ${other}`,
      `with ${other} on the ${opposite}`,
      `with ${other} to its ${opposite}`,
    ],
    ...states,
    'relation',
  );
}

/** How the first subject is near the second. */
const NEAR = ['next to', 'beside', 'near', 'and', 'and', 'and', 'by', 'with', 'in front of', 'close to'];
