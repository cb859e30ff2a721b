/** The proportions and colours shared by all parts of one portrait. Units: viewBox 1024; 16 units are 1 px at 64×64. */
import { COLOURS, darken, lighten, mix } from '../palette.ts';
import { MONK_TONES, type Portrait } from './vocabulary.ts';

export interface Figure {
  portrait: Portrait;
  /** Centre and half-axes of the head, and the line the eyes are on. */
  cx: number;
  cy: number;
  rx: number;
  ry: number;
  eyeY: number;
  /** Half the distance between the eyes. */
  eyeDx: number;
  /** Half the width of the shoulders. */
  shoulders: number;
  skin: { base: string; light: string; shade: string; line: string; lips: string; blush: string };
  hair: { base: string; light: string; dark: string };
  cloth: { base: string; light: string; dark: string };
}

const HAIR: Record<Portrait['hair.colour'], string> = {
  black: '#1d1a21',
  brown: '#6b3e22',
  blonde: '#eec455',
  red: '#c9481c',
  grey: '#93969c',
  white: '#f4f3ee',
  none: '#4a3427',
};

export function createFigure(portrait: Portrait): Figure {
  const { age, gender } = portrait;
  const child = age === 'child';
  const man = gender === 'man';
  const skin = MONK_TONES[portrait.skin];
  const dark = portrait['skin.tone'] === 'dark';
  const hair = HAIR[portrait['hair.colour']];
  const cloth = COLOURS[portrait['clothing.colour']];
  const bright = portrait['clothing.colour'] === 'white';
  return {
    portrait,
    cx: 512,
    cy: child ? 500 : 480,
    rx: child ? 206 : man ? 190 : 182,
    ry: child ? 204 : man ? 234 : 228,
    eyeY: child ? 528 : 488,
    eyeDx: child ? 92 : 84,
    shoulders: child ? 300 : man ? 440 : 375,
    skin: {
      base: skin,
      light: lighten(skin, dark ? 0.12 : 0.25),
      shade: dark ? darken(skin, 0.28) : mix(skin, '#a8643c', 0.3),
      // Lines must stay visible on the darkest tones: there they are lighter than the skin.
      line: dark && portrait.skin !== 'monk7' ? lighten(skin, 0.26) : mix(skin, '#5a2f1c', 0.42),
      lips: man ? mix(skin, dark ? '#c2726a' : '#963c34', 0.72) : dark ? '#b8434e' : '#cf3f50',
      blush: dark ? '#c2503f' : '#f2766c',
    },
    hair: {
      base: hair,
      light: mix(hair, portrait['hair.colour'] === 'black' ? '#8d93c4' : '#fff3d6', 0.32),
      dark: darken(hair, 0.22),
    },
    cloth: { base: cloth, light: lighten(cloth, 0.14), dark: darken(cloth, bright ? 0.12 : 0.2) },
  };
}
