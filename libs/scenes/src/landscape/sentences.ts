/** Whole sentences for long captions. */
import { oneOf, type Phrase } from '../captions.ts';
import type { Random } from '../random.ts';
import type { Plan, Value } from './vocabulary.ts';

const SKIES: Record<Value<'time'>, readonly string[]> = {
  day: [
    'It is the middle of the day',
    'It is daytime and everything is bright',
    'The picture is set in the afternoon',
  ],
  sunset: [
    'The sky glows orange and pink at dusk',
    'It is evening and the sky is burning orange',
    'The sunset colours the whole sky',
    'The last light of the evening is warm and golden',
  ],
  dawn: [
    'The morning sky is pale pink',
    'It is early morning and the light is soft',
    'A new day begins with a pastel sky',
  ],
  night: ['It is late at night', 'The night sky is deep blue', 'Everything is dark and still at night'],
};

const WEATHERS: Record<Value<'weather'>, readonly string[]> = {
  clear: ['The sky is clear', 'There are no clouds in the sky', 'The weather is fine'],
  cloudy: ['Clouds cover the sky', 'Big clouds drift across the sky', 'The sky is overcast'],
  rain: ['Rain is falling', 'It is raining hard', 'Rain pours down from grey clouds'],
  snow: ['Snow is falling', 'It is snowing', 'Snowflakes drift through the air'],
  fog: ['Fog hides the distance', 'A thick mist lies over everything', 'It is foggy'],
};

const MOODS = [
  'The mood is calm and peaceful',
  'Simple shapes and soft colours give it a quiet feeling',
  'The style is clean and modern with layered depth',
  'Everything looks peaceful',
  'It is drawn in a flat style with strong colours',
  'The composition is simple and balanced, with soft light and gentle shading',
];

export const skySentence = (random: Random, { time }: Plan): Phrase => oneOf(random, SKIES[time], 'time');
export const weatherSentence = (random: Random, { weather }: Plan): Phrase =>
  oneOf(random, WEATHERS[weather], 'weather');
export const moodSentence = (random: Random): Phrase => oneOf(random, MOODS);
