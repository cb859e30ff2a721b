/** Harmless things with the outline of a weapon or the colour of blood, within 100 units of the origin. */
import { box, ellipse, fill, stroke } from '../landscape/stage.ts';
import { COLOURS, darken, lighten } from '../palette.ts';
import type { Random } from '../random.ts';
import type { Added } from './vocabulary.ts';
import { contoured } from './weapons.ts';

const BRIGHT = ['orange', 'teal', 'blue', 'purple', 'pink', 'yellow', 'green'] as const;

export function hairDryer(random: Random): Added {
  const colour = COLOURS[random.pick(BRIGHT)];
  const shell = 'M-98 -44L-70 -44Q-40 -78 10 -76Q76 -66 76 -16Q70 30 10 28Q-40 26 -70 4L-98 4Z';
  const body =
    fill('M4 20H46L56 94H18Z', darken(colour, 0.15)) +
    fill(shell, colour) +
    ellipse(34, -24, 24, 26, darken(colour, 0.3)) +
    box(-100, -48, 14, 56, darken(colour, 0.4), 4);
  return { body: contoured(shell, colour, body), turn: 40 };
}

export function spoon(random: Random): Added {
  const metal = random.pick(['#c9d0d8', '#aeb7c2', '#b98d4f'] as const);
  const handle = stroke('M-30 0H98', metal, 14);
  const bowl = ellipse(-62, 0, 38, 26, metal) + ellipse(-62, 2, 26, 16, darken(metal, 0.15));
  return {
    body:
      stroke('M-30 0H98', darken(metal, 0.5), 21) +
      ellipse(-62, 0, 43, 31, darken(metal, 0.5)) +
      handle +
      bowl,
    turn: 90,
  };
}

export function pencil(random: Random): Added {
  const colour = COLOURS[random.pick(['yellow', 'orange', 'green', 'blue', 'red'] as const)];
  const body =
    fill('M-100 0L-64 -18V18Z', '#e8c9a0') +
    fill('M-100 0L-86 -7V7Z', '#33353b') +
    box(-64, -18, 128, 36, colour) +
    box(-64, -6, 128, 12, lighten(colour, 0.3)) +
    box(64, -18, 12, 36, '#c9ced6') +
    box(76, -18, 24, 36, COLOURS.pink, 6);
  return { body, turn: 90 };
}

export function paddle(random: Random): Added {
  const wood = random.pick(['#b98d4f', '#8a5530', '#d3b07a'] as const);
  const blade = 'M-98 0Q-96 -30 -60 -30L-20 -10V10L-60 30Q-96 30 -98 0Z';
  return {
    body:
      fill(blade, wood) +
      stroke('M-24 0H92', darken(wood, 0.2), 13) +
      box(84, -16, 14, 32, darken(wood, 0.3), 6),
    turn: 90,
  };
}

export function tomatoes(random: Random): Added {
  const one = (x: number, y: number, r: number): string =>
    ellipse(x, y, r, r * 0.9, COLOURS.red) +
    ellipse(x - r * 0.35, y - r * 0.3, r * 0.22, r * 0.2, lighten(COLOURS.red, 0.5)) +
    fill(
      `M${x - r * 0.5} ${y - r * 0.8}L${x} ${y - r * 0.55}L${x + r * 0.5} ${y - r * 0.8}L${x} ${y - r * 1.15}Z`,
      COLOURS.green,
    );
  return { body: one(-44, 12, 42) + one(46, 20, 40) + (random.chance(0.6) ? one(2, -44, 38) : ''), turn: 10 };
}

export function petals(random: Random): Added {
  const colour = COLOURS[random.pick(['red', 'red', 'pink', 'orange'] as const)];
  const flower = Array.from({ length: 6 }, (_, i) => {
    const angle = (i * Math.PI) / 3;
    return ellipse(
      48 * Math.cos(angle),
      48 * Math.sin(angle),
      34,
      34,
      i % 2 ? colour : lighten(colour, 0.15),
    );
  }).join('');
  return {
    body: stroke('M0 20Q10 70 0 98', COLOURS.green, 11) + flower + ellipse(0, 0, 26, 26, COLOURS.yellow),
    turn: 20,
  };
}
