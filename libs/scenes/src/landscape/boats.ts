/** Boats, drawn round the origin with the waterline at y = 0, about 420 units wide, bow to the right. */
import { darken, lighten, mix } from '../palette.ts';
import { box, ellipse, fill, type Stage, stroke } from './stage.ts';

export function sailboat({ light }: Stage, colour: string): string {
  const sail = light.subject(colour);
  const hull = light.subject('#7a4a2c');
  const wood = light.subject('#5a3822');
  return (
    box(-8, -500, 14, 450, wood) +
    fill('M-18 -485Q-45 -260 -195 -100L-18 -100Z', sail) +
    fill('M-18 -330Q-60 -200 -195 -100L-18 -100Z', darken(sail, 0.12)) +
    fill('M18 -455Q70 -260 200 -110L18 -100Z', lighten(sail, 0.18)) +
    fill('M-205 -72L222 -84Q190 10 130 30L-140 30Q-190 5 -205 -72Z', hull) +
    fill('M-205 -72L222 -84L213 -56L-201 -44Z', lighten(hull, 0.75))
  );
}

export function ship({ light }: Stage, colour: string): string {
  const hull = light.subject(colour);
  const white = light.subject('#f6f3ea');
  const dark = light.subject('#2b3040');
  const smoke = mix(light.sky[1] as string, light.night ? '#8b93ad' : '#ffffff', 0.6);
  const window = light.night ? '#ffd768' : light.subject('#3f6d94');
  return (
    ellipse(-30, -400, 42, 36, smoke) +
    ellipse(-95, -445, 55, 46, smoke) +
    ellipse(-180, -480, 66, 52, smoke) +
    box(-75, -345, 56, 140, hull) +
    box(-75, -345, 56, 36, dark) +
    box(25, -325, 56, 120, hull) +
    box(25, -325, 56, 34, dark) +
    box(-115, -232, 235, 70, white) +
    box(-160, -170, 325, 82, darken(white, 0.1)) +
    [-125, -55, 15, 85].map((x) => box(x, -150, 42, 38, window)).join('') +
    fill('M-225 -95L240 -112Q215 -10 180 36L-180 36Q-215 0 -225 -95Z', hull) +
    fill('M-209 -28L217 -28Q200 10 180 36L-180 36Q-205 10 -209 -28Z', darken(hull, 0.35))
  );
}

export function rowboat({ light }: Stage, colour: string): string {
  const hull = light.subject(colour);
  const inside = darken(hull, 0.45);
  const oar = light.subject('#c99a5b');
  return (
    fill('M-225 -100Q0 -165 225 -100Q0 25 -225 -100Z', inside) +
    fill('M-60 -118H-20V-60H-60ZM60 -118H100V-64H60Z', light.subject('#b98d5a')) +
    fill('M-232 -108Q-100 -50 0 -50Q100 -50 232 -108Q205 30 110 42L-110 42Q-205 30 -232 -108Z', hull) +
    stroke('M-228 -104Q-100 -46 0 -46Q100 -46 228 -104', lighten(hull, 0.4), 16) +
    stroke('M-30 -130L-170 70', oar, 16) +
    stroke('M-150 40L-182 86', oar, 36) +
    stroke('M90 -130L200 60', oar, 16) +
    stroke('M186 36L212 82', oar, 36)
  );
}
