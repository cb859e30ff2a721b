/** Light of a landscape: sky colours and how time and weather tint everything below. */
import { mix } from '../palette.ts';
import type { Plan, Value } from './vocabulary.ts';

export interface Light {
  /** Sky from the zenith down to the horizon. */
  sky: readonly string[];
  /** What far things fade into. */
  haze: string;
  /** Water at the horizon and at the viewer's feet. */
  water: readonly [far: string, near: string];
  /** Sun or moon and its light on things. */
  glow: string;
  night: boolean;
  /** Colour of scenery under this light; depth 0 (near) … 1 (lost in haze). */
  scenery(colour: string, depth?: number): string;
  /** Colour of a subject: tinted less, so that its name still fits. */
  subject(colour: string): string;
}

interface Mood {
  sky: readonly string[];
  water: readonly [string, string];
  glow: string;
  tint: string;
  amount: number;
}

const MOODS: Record<Value<'time'>, Mood> = {
  day: {
    sky: ['#2f86df', '#6fb8f2', '#d3effc'],
    water: ['#58b4dd', '#1d6db5'],
    glow: '#ffe169',
    tint: '#fff3cf',
    amount: 0.03,
  },
  sunset: {
    sky: ['#40306f', '#b8466f', '#f9824a', '#ffd079'],
    water: ['#e88a63', '#4a3468'],
    glow: '#ffd95e',
    tint: '#6a2a55',
    amount: 0.34,
  },
  dawn: {
    sky: ['#8db4ea', '#d9c3ea', '#fbc4cd', '#ffe9cf'],
    water: ['#efc3cc', '#7495c8'],
    glow: '#fff3c4',
    tint: '#c99ec4',
    amount: 0.24,
  },
  night: {
    sky: ['#060a24', '#14235a', '#35508f'],
    water: ['#2b4580', '#0c1738'],
    glow: '#fbf3cf',
    tint: '#13205c',
    amount: 0.5,
  },
};

/** How far each weather pulls the colours towards its own grey, by day and by night. */
const VEILS: Record<Value<'weather'>, { day: string; night: string; amount: number }> = {
  clear: { day: '#ffffff', night: '#000000', amount: 0 },
  cloudy: { day: '#a9bccd', night: '#2b3350', amount: 0.28 },
  rain: { day: '#77879a', night: '#262d40', amount: 0.66 },
  snow: { day: '#c9d4e2', night: '#47536f', amount: 0.55 },
  fog: { day: '#d3d9dc', night: '#4a5468', amount: 0.7 },
};

export function lightOf(plan: Plan): Light {
  const mood = MOODS[plan.time];
  const veil = VEILS[plan.weather];
  const night = plan.time === 'night';
  const grey = night ? veil.night : mix(veil.day, mood.tint, plan.time === 'day' ? 0 : 0.3);
  const dim = (colour: string, share: number): string => mix(colour, grey, veil.amount * share);
  const sky = mood.sky.map((colour) => dim(colour, 1));
  const haze = sky.at(-1) as string;
  const distance = plan.weather === 'fog' ? 1.5 : 1;
  return {
    sky,
    haze,
    water: [dim(mood.water[0], 0.8), dim(mood.water[1], 0.6)],
    glow: mood.glow,
    night,
    scenery: (colour, depth = 0) =>
      mix(dim(mix(colour, mood.tint, mood.amount), 0.45), haze, Math.min(0.9, depth * distance)),
    subject: (colour) => dim(mix(colour, mood.tint, mood.amount * 0.42), 0.2),
  };
}
