/** Phrases of a landscape's facts: each knows which attributes it tells. */
import { NOTHING, oneOf, type Phrase, phrase } from '../captions.ts';
import { COLOUR_WORDS } from '../palette.ts';
import type { Random } from '../random.ts';
import * as words from './setting-words.ts';
import * as names from './subject-words.ts';
import type { Place, Plan, Value } from './vocabulary.ts';

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
  const word = random.pick(names.COATS[kind]?.[colour] ?? COLOUR_WORDS[colour]);
  if (kind === 'sailboat' && random.chance(0.55)) {
    const sail = count === '1' ? random.pick([`a ${word} sail`, `${word} sails`]) : `${word} sails`;
    return phrase(`${article} ${name} with ${sail} ${doing}`, ...states);
  }
  if (kind === 'lighthouse')
    return phrase(
      random.pick([
        `${article} ${word} and white ${name}`,
        `${article} ${name} with ${word} stripes`,
        `${article} ${word} striped ${name}`,
      ]),
      ...states,
    );
  return phrase(`${article} ${word} ${name} ${doing}`, ...states);
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
      words.PLACE_NAMES.meadow.filter((name) => !name.includes('green')),
      'place',
    );
  return oneOf(random, words.PLACE_NAMES[place], 'place');
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

export const where = (random: Random, { place }: Plan): Phrase => oneOf(random, words.WHERE[place], 'place');
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
  const kind = plan['subject2.kind'];
  if (kind === 'none') return NOTHING;
  const name = random.pick(names.KIND_NAMES[kind])[0];
  const side = plan.relation;
  const opposite = side === 'left' ? 'right' : 'left';
  if (random.chance(0.4))
    return oneOf(
      random,
      [`next to a ${name}`, `beside a ${name}`, `near a ${name}`, `and a ${name}`, `by a ${name}`],
      'subject2.kind',
    );
  return oneOf(
    random,
    [
      `to the ${side} of a ${name}`,
      `on the ${side} of a ${name}`,
      `left of a ${name}`.replace('left', side),
      `with a ${name} on the ${opposite}`,
      `with a ${name} to its ${opposite}`,
    ],
    'subject2.kind',
    'relation',
  );
}
