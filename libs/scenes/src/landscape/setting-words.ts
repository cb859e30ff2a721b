/** How people say when a landscape is, and what its weather is like. */
import type { Value } from './vocabulary.ts';

export const WHEN: Record<Value<'time'>, readonly string[]> = {
  day: [
    'during the day',
    'by day',
    'in daylight',
    'at noon',
    'in the afternoon',
    'at midday',
    'in broad daylight',
    'at daytime',
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
    'at nightfall',
    'as the sun sets',
  ],
  dawn: [
    'at dawn',
    'at sunrise',
    'at daybreak',
    'in the early morning',
    'in the morning light',
    'at first light',
    'in the morning',
    'as the sun rises',
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
    'at night-time',
    'at nighttime',
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
    'in a thunderstorm',
    'in the drizzle',
    'in pouring rain',
  ],
  snow: [
    'in the snow',
    'while it snows',
    'with falling snow',
    'in a snowfall',
    'in snowy weather',
    'with snowflakes',
    'in a blizzard',
    'in a snowstorm',
  ],
  fog: ['in the fog', 'in the mist', 'on a foggy day', 'in misty weather', 'in thick fog', 'in the haze'],
};

export const WEATHER_ADJECTIVES: Record<Value<'weather'>, readonly string[]> = {
  clear: ['clear'],
  cloudy: ['cloudy', 'overcast'],
  rain: ['rainy', 'stormy', 'wet'],
  snow: ['snowy'],
  fog: ['foggy', 'misty', 'hazy'],
};

export const SEASON_TAILS: Record<Exclude<Value<'season'>, 'none'>, readonly string[]> = {
  spring: ['in spring', 'in springtime', 'in bloom', 'in the spring'],
  summer: ['in summer', 'in the summer', 'in summertime'],
  autumn: [
    'in autumn',
    'in the fall',
    'in fall',
    'with autumn colours',
    'with autumn leaves',
    'with falling leaves',
  ],
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
