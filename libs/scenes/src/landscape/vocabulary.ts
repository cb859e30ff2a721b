/** The closed vocabulary of landscapes: every attribute key and the values it can take. */

const KINDS = [
  'sailboat',
  'ship',
  'rowboat',
  'lighthouse',
  'house',
  'dog',
  'cat',
  'horse',
  'cow',
  'sheep',
  'camel',
  'cactus',
  'pyramid',
  'palm',
  'umbrella',
  'car',
  'tree',
  'pine',
  'none',
] as const;

const COLOURS = [
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'brown',
  'black',
  'white',
  'grey',
  'none',
] as const;

export const LANDSCAPE_VOCABULARY = {
  place: ['sea', 'lake', 'beach', 'mountains', 'forest', 'desert', 'city', 'meadow'],
  time: ['day', 'sunset', 'dawn', 'night'],
  weather: ['clear', 'cloudy', 'rain', 'snow', 'fog'],
  /** `none` where the place does not show a season. */
  season: ['spring', 'summer', 'autumn', 'winter', 'none'],
  'subject1.kind': KINDS,
  /** What a loose word such as "boat" or "animal" tells of the kind. */
  'subject1.group': ['boat', 'animal', 'building', 'plant', 'object', 'none'],
  'subject1.colour': COLOURS,
  'subject1.count': ['1', '2', '3', 'many', 'none'],
  /** What else there is beside a single subject 1. */
  'subject2.kind': KINDS,
  'subject2.colour': COLOURS,
  /** Where subject 1 stands, seen from subject 2. */
  relation: ['left', 'right', 'none'],
  'sky.body': ['sun', 'full moon', 'crescent moon', 'none'],
  birds: ['yes', 'no'],
} as const;

export type Vocabulary = typeof LANDSCAPE_VOCABULARY;
export type Key = keyof Vocabulary;
export type Value<K extends Key> = Vocabulary[K][number];
/** One landscape's facts, complete. */
export type Plan = { [K in Key]: Value<K> };
export type Place = Value<'place'>;
export type Kind = Value<'subject1.kind'>;
export type SubjectColour = Value<'subject1.colour'>;
