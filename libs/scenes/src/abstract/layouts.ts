/** Canonical places for one to five shapes: counts and relations must be unmistakable at 64×64. */
import type { Random } from '../random.ts';
import { INTERIOR } from './shapes.ts';
import type { Count, Group, Relation, Shape } from './vocabulary.ts';

/** A place for one shape: centre and size, in viewBox units. */
export interface Spot {
  x: number;
  y: number;
  r: number;
}

/** Centre offsets for each count, and the size that fits: the whole canvas for one group. */
const WHOLE: Record<Count, { r: number; at: readonly (readonly [number, number])[] }> = {
  '1': { r: 310, at: [[0, 0]] },
  '2': {
    r: 195,
    at: [
      [-232, 0],
      [232, 0],
    ],
  },
  '3': {
    r: 185,
    at: [
      [0, -218],
      [-230, 208],
      [230, 208],
    ],
  },
  '4': {
    r: 178,
    at: [
      [-225, -225],
      [225, -225],
      [-225, 225],
      [225, 225],
    ],
  },
  '5': {
    r: 140,
    at: [
      [-290, -290],
      [290, -290],
      [0, 0],
      [-290, 290],
      [290, 290],
    ],
  },
};

/** The upper or lower half: a row, four as two rows of two. */
const WIDE: typeof WHOLE = {
  '1': { r: 205, at: [[0, 0]] },
  '2': {
    r: 165,
    at: [
      [-205, 0],
      [205, 0],
    ],
  },
  '3': {
    r: 145,
    at: [
      [-322, 0],
      [0, 0],
      [322, 0],
    ],
  },
  '4': {
    r: 107,
    at: [
      [-148, -122],
      [148, -122],
      [-148, 122],
      [148, 122],
    ],
  },
  '5': {
    r: 88,
    at: [
      [-400, 0],
      [-200, 0],
      [0, 0],
      [200, 0],
      [400, 0],
    ],
  },
};

/** The left or right half: a column, four as two by two. */
const turned = ({ r, at }: (typeof WHOLE)['1']): (typeof WHOLE)['1'] => ({
  r,
  at: at.map(([x, y]) => [y, x] as const),
});
const TALL: typeof WHOLE = {
  '1': turned(WIDE['1']),
  '2': turned(WIDE['2']),
  '3': turned(WIDE['3']),
  '4': turned(WIDE['4']),
  '5': turned(WIDE['5']),
};

const HALF = 250;

function place(random: Random, table: typeof WHOLE, count: Count, cx: number, cy: number, size = 1): Spot[] {
  const { r, at } = table[count];
  const [dx, dy] = [random.range(-16, 16), random.range(-16, 16)];
  const scale = size * random.range(0.94, 1.04);
  return at.map(([x, y]) => ({
    x: cx + x * size + dx + random.range(-8, 8),
    y: cy + y * size + dy + random.range(-8, 8),
    r: r * scale,
  }));
}

/** One group on the whole canvas. */
export const placeOne = (random: Random, count: Count): Spot[] => place(random, WHOLE, count, 512, 512);

/** Two groups in relation: `[spots of group1, spots of group2]`. */
export function placeTwo(
  random: Random,
  relation: Exclude<Relation, 'none'>,
  group1: Group,
  group2: Group,
): [Spot[], Spot[]] {
  const halves = (table: typeof WHOLE, dx: number, dy: number): [Spot[], Spot[]] => [
    place(random, table, group1.count, 512 - dx, 512 - dy),
    place(random, table, group2.count, 512 + dx, 512 + dy),
  ];
  if (relation === 'above') return halves(WIDE, 0, HALF);
  if (relation === 'left') return halves(TALL, HALF, 0);
  return placeInside(random, group1, group2);
}

/** How much of the room inside a host a single shape takes: those with far corners take less. */
const FILL: Record<Shape, number> = {
  circle: 0.9,
  square: 0.8,
  triangle: 0.76,
  star: 0.88,
  heart: 0.84,
  diamond: 0.9,
};

/** group1 within the first shape of group2, which is as large as its number allows. */
function placeInside(random: Random, inner: Group, outer: Group): [Spot[], Spot[]] {
  const near512 = (): number => 512 + random.range(-16, 16);
  const hosts =
    outer.count === '1'
      ? [{ x: near512(), y: near512(), r: 430 * random.range(0.95, 1.03) }]
      : placeOne(random, outer.count);
  const { radius, dy } = INTERIOR[outer.shape];
  const { r, at } = WHOLE[inner.count];
  const spots = hosts.slice(0, 1).flatMap((host) => {
    const room = host.r * radius;
    const size = (room * 1.25) / 512;
    return at.map(([x, y]) => ({
      x: host.x + x * size,
      y: host.y + dy * host.r + y * size,
      r: inner.count === '1' ? room * FILL[inner.shape] : r * size,
    }));
  });
  return [spots, hosts];
}
