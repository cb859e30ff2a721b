/** Weapons, seen from the side, within 100 units of the origin. Each has a light contour, so that it is seen on dark ground. */
import { box, ellipse, fill, stroke } from '../landscape/stage.ts';
import { darken, lighten } from '../palette.ts';
import type { Random } from '../random.ts';
import type { Added } from './vocabulary.ts';

const METALS = ['#2b2d33', '#3c4048', '#1d1e22', '#555b66'] as const;
const WOODS = ['#6b4326', '#4a2d1a', '#33353b', '#7d5a35'] as const;
const BLADES = ['#c9d0d8', '#aeb7c2', '#e2e6ea'] as const;

/** The drawing with a lighter line round its outline. */
export const contoured = (outline: string, colour: string, drawing: string): string =>
  stroke(outline, lighten(colour, 0.55), 9) + drawing;

export function pistol(random: Random): Added {
  const metal = random.pick(METALS);
  const grip = random.pick(WOODS);
  const slide = 'M-98 -52H74V-12H40L26 -4H-98Z';
  const handle = `M22 -14H72L${random.int(84, 98)} 74L44 82Z`;
  const body =
    stroke('M-8 -6Q-14 30 30 26', darken(metal, 0.2), 9) +
    stroke('M10 -4L4 14', darken(metal, 0.2), 8) +
    fill(handle, grip) +
    fill(slide, metal) +
    box(-98, -34, 172, 5, lighten(metal, 0.25)) +
    box(-96, -62, 12, 10, metal);
  return { body: contoured(slide + handle, metal, body), turn: 50 };
}

export function rifle(random: Random): Added {
  const metal = random.pick(METALS);
  const wood = random.pick(WOODS);
  const stock = 'M24 -18L100 -8V34L78 34L34 14Z';
  const barrel = 'M-100 -18H-34V-24H30V10H-34V-8H-100Z';
  const curved = random.chance(0.6);
  const magazine = curved ? 'M-16 8H10Q8 44 -12 66L-34 56Q-18 34 -16 8Z' : 'M-14 8H10V52H-14Z';
  const scope = random.chance(0.5) ? box(-30, -42, 50, 13, darken(metal, 0.25), 6) : '';
  const body =
    fill(stock, wood) +
    fill('M12 6L34 6L42 44L24 46Z', wood) +
    fill(magazine, darken(metal, 0.15)) +
    fill(barrel, metal) +
    box(-100, -30, 7, 16, metal) +
    scope;
  return { body: contoured(stock + barrel + magazine, metal, body), turn: 45 };
}

export function knife(random: Random): Added {
  const steel = random.pick(BLADES);
  const handle = random.pick(WOODS);
  const blade = random.chance(0.5)
    ? 'M-100 16Q-80 -14 -40 -24H26V18Z'
    : 'M-100 -22L26 -22V22L-30 24Q-80 14 -100 -22Z';
  const body =
    fill(blade, steel) +
    stroke('M-86 8L22 12', lighten(steel, 0.5), 5) +
    box(22, -30, 11, 58, darken(handle, 0.3), 4) +
    box(30, -18, 70, 34, handle, 14) +
    ellipse(50, -1, 5, 5, lighten(handle, 0.5)) +
    ellipse(78, -1, 5, 5, lighten(handle, 0.5));
  return { body: stroke(blade, darken(steel, 0.5), 8) + body, turn: 90 };
}

export function sword(random: Random): Added {
  const steel = random.pick(BLADES);
  const hilt = random.pick(['#b08a2c', '#7a5a1e', '#4a4d55'] as const);
  const blade = 'M-100 0L-84 -11H46V11H-84Z';
  const body =
    fill(blade, steel) +
    stroke('M-84 0H42', darken(steel, 0.25), 4) +
    box(42, -40, 13, 80, hilt, 6) +
    box(54, -9, 36, 18, random.pick(WOODS), 5) +
    ellipse(93, 0, 11, 11, hilt);
  return { body: stroke(blade, darken(steel, 0.5), 7) + body, turn: 90 };
}
