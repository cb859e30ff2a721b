/** How people say where and when a landscape is, and what its weather is like. */
import type { Place, Value } from './vocabulary.ts';

/** Where, after a subject. */
export const WHERE: Record<Place, readonly string[]> = {
  sea: [
    'on the ocean',
    'on an ocean',
    'on the ocean',
    'on the sea',
    'at sea',
    'on the open sea',
    'in the ocean',
    'on the waves',
    'on a calm sea',
    'in the bay',
    'on the high seas',
    'out at sea',
  ],
  lake: ['on a lake', 'on the lake', 'on a mountain lake', 'on a quiet lake', 'on a pond'],
  beach: [
    'on the beach',
    'on a beach',
    'on a sandy beach',
    'on a tropical beach',
    'at the seaside',
    'on the sandy shore',
    'at the shore',
  ],
  mountains: [
    'in the mountains',
    'in front of mountains',
    'below the mountains',
    'among high peaks',
    'in the alps',
  ],
  forest: ['in the forest', 'in the woods', 'in a forest'],
  desert: ['in the desert', 'in a desert', 'on sand dunes', 'in the sandy desert', 'among the dunes'],
  city: ['in the city', 'in a city', 'on a city street', 'downtown', 'in town', 'on the street'],
  meadow: [
    'in a field',
    'in a meadow',
    'in the field',
    'on the grass',
    'in a grassy field',
    'on a green',
    'in the countryside',
    'in a pasture',
    'on a lawn',
  ],
};

/** The place as the picture's own subject. */
export const PLACE_NAMES: Record<Place, readonly string[]> = {
  sea: [
    'the ocean',
    'the sea',
    'an ocean',
    'a seascape',
    'the open sea',
    'an empty sea',
    'ocean waves',
    'a calm ocean',
  ],
  lake: [
    'a lake',
    'a mountain lake',
    'a quiet lake',
    'the lake',
    'a lake in the mountains',
    'a lakeside landscape',
  ],
  beach: [
    'a beach',
    'a sandy beach',
    'the beach',
    'a tropical beach',
    'the seaside',
    'a seashore',
    'an empty beach',
  ],
  mountains: [
    'mountains',
    'the mountains',
    'a mountain',
    'a mountain landscape',
    'mountain peaks',
    'a mountain range',
    'high mountains',
    'the alps',
    'snow-capped mountains',
  ],
  forest: [
    'a forest',
    'the forest',
    'the woods',
    'a woodland',
    'a path through the forest',
    'a forest path',
    'a forest trail',
  ],
  desert: ['a desert', 'the desert', 'sand dunes', 'a desert landscape', 'a sandy desert', 'desert dunes'],
  city: [
    'a city',
    'the city',
    'a city skyline',
    'a skyline',
    'a cityscape',
    'a city street',
    'skyscrapers',
    'downtown',
    'a town',
    'tall buildings',
  ],
  meadow: [
    'a meadow',
    'a field',
    'a grassy field',
    'rolling hills',
    'the countryside',
    'a country landscape',
    'a pasture',
    'a green landscape',
  ],
};

export const WHEN: Record<Value<'time'>, readonly string[]> = {
  day: [
    'during the day',
    'by day',
    'in daylight',
    'at noon',
    'in the afternoon',
    'at midday',
    'in broad daylight',
  ],
  sunset: [
    'at sunset',
    'at sunset',
    'at dusk',
    'in the evening',
    'at golden hour',
    'during the sunset',
    'at sundown',
    'at twilight',
    'in the evening light',
  ],
  dawn: [
    'at dawn',
    'at sunrise',
    'at daybreak',
    'in the early morning',
    'in the morning light',
    'at first light',
  ],
  night: [
    'at night',
    'at night',
    'by night',
    'in the night',
    'at midnight',
    'after dark',
    'in the dark',
    'late at night',
  ],
};

export const WEATHER_TAILS: Record<Value<'weather'>, readonly string[]> = {
  clear: ['under a clear sky', 'in clear weather', 'with a clear sky', 'with no clouds'],
  cloudy: [
    'under a cloudy sky',
    'with clouds',
    'on a cloudy day',
    'under the clouds',
    'with clouds in the sky',
    'in cloudy weather',
  ],
  rain: [
    'in the rain',
    'in the rain',
    'on a rainy day',
    'while it rains',
    'in rainy weather',
    'in a downpour',
    'under heavy rain',
    'in a storm',
  ],
  snow: [
    'in the snow',
    'while it snows',
    'with falling snow',
    'in a snowfall',
    'in snowy weather',
    'with snowflakes',
  ],
  fog: ['in the fog', 'in the mist', 'on a foggy day', 'in misty weather', 'in thick fog'],
};

export const WEATHER_ADJECTIVES: Record<Value<'weather'>, readonly string[]> = {
  clear: ['clear'],
  cloudy: ['cloudy', 'overcast'],
  rain: ['rainy', 'stormy', 'wet'],
  snow: ['snowy'],
  fog: ['foggy', 'misty'],
};

export const SEASON_TAILS: Record<Exclude<Value<'season'>, 'none'>, readonly string[]> = {
  spring: ['in spring', 'in springtime', 'in bloom', 'in the spring'],
  summer: ['in summer', 'in the summer', 'in summertime'],
  autumn: ['in autumn', 'in the fall', 'in fall', 'with autumn colours', 'with autumn leaves'],
  winter: ['in winter', 'in wintertime', 'covered in snow', 'on a winter day', 'with snow on the ground'],
};

export const SKY_TAILS: Record<Exclude<Value<'sky.body'>, 'none'>, readonly string[]> = {
  sun: ['with the sun in the sky', 'under the sun', 'with a glowing sun', 'in the sunshine'],
  'full moon': [
    'under a full moon',
    'with a full moon',
    'in the light of the full moon',
    'with a round moon',
  ],
  'crescent moon': [
    'under a crescent moon',
    'with a crescent moon',
    'with a thin moon in the sky',
    'with a sickle moon',
  ],
};
