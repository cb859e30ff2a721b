/** Dog and cat, sitting. Origin on the ground, about 380 units wide, the dog facing left. */
import { darken, lighten, mix } from '../palette.ts';
import { box, ellipse, fill, type Stage, stroke } from './stage.ts';

/** Dark coats get lighter shades so that the parts stay visible. */
const shade = (coat: string, dark: boolean): string => (dark ? lighten(coat, 0.16) : darken(coat, 0.2));

export function dog({ light }: Stage, colour: string, dark: boolean): string {
  const coat = light.subject(colour);
  const other = shade(coat, dark);
  const chest = dark ? lighten(coat, 0.25) : mix(coat, '#fff6e6', 0.55);
  const ink = dark ? '#05060a' : '#1d1a1c';
  return (
    stroke('M120 -50Q205 -60 195 -165', coat, 40) +
    fill('M-85 -300Q-120 -160 -92 0H60L120 -120Q110 -240 40 -320Z', coat) +
    ellipse(82, -88, 104, 90, other) +
    box(8, -40, 132, 40, other, 20) +
    fill('M-88 -290Q-128 -170 -84 -110Q-36 -150 -40 -290Z', chest) +
    box(-42, -190, 50, 190, other, 22) +
    box(-96, -190, 56, 190, coat, 22) +
    ellipse(-36, -350, 96, 88, coat) +
    ellipse(-122, -322, 72, 46, chest) +
    ellipse(-180, -342, 22, 19, ink) +
    ellipse(-84, -376, 14, 16, dark ? '#f7e9c8' : ink) +
    fill('M0 -425Q72 -420 66 -320Q60 -250 18 -262Q-12 -290 0 -425Z', other)
  );
}

export function cat({ light }: Stage, colour: string, dark: boolean): string {
  const coat = light.subject(colour);
  const other = shade(coat, dark);
  const belly = dark ? lighten(coat, 0.14) : mix(coat, '#fff8ec', 0.6);
  const eye = (x: number): string =>
    ellipse(x, -322, 21, 23, light.subject('#e6d94a')) + ellipse(x, -322, 9, 19, '#14141a');
  return (
    stroke('M95 -34Q230 -40 200 -190', other, 42) +
    fill('M-125 0Q-150 -170 -62 -262H62Q150 -170 125 0Z', coat) +
    ellipse(0, -120, 62, 100, belly) +
    box(-66, -130, 54, 130, coat, 24) +
    box(12, -130, 54, 130, coat, 24) +
    stroke('M0 -120V-14', other, 9) +
    fill('M-118 -330L-112 -462L-24 -392ZM118 -330L112 -462L24 -392Z', coat) +
    fill('M-96 -370L-94 -428L-50 -394ZM96 -370L94 -428L50 -394Z', light.subject('#f0a3ad')) +
    ellipse(0, -320, 124, 98, coat) +
    ellipse(0, -282, 52, 38, belly) +
    eye(-50) +
    eye(50) +
    fill('M-17 -300H17L0 -280Z', light.subject('#e8788a')) +
    stroke('M-20 -262Q0 -248 20 -262', '#2a2024', 7)
  );
}
