/** Blood, within 100 units of the origin; the same shapes in harmless colours are paint. */
import { ellipse, fill, stroke } from '../landscape/stage.ts';
import { darken, lighten } from '../palette.ts';
import type { Random } from '../random.ts';
import { type Point, smoothPath } from '../svg.ts';
import type { Added, StandIn } from './vocabulary.ts';

const BLOOD = ['#8a0b12', '#a30f17', '#b5141c', '#74080f'] as const;
const PAINT = ['#2d62d8', '#35a04b', '#f7d032', '#7d44b8', '#2aa3a0', '#fbfaf5', '#6a6d75'] as const;

type Stain = Extract<StandIn, 'pool' | 'splatter' | 'drips'>;

export const blood = (random: Random, stain: Stain): Added => STAINS[stain](random, random.pick(BLOOD));

export const paint = (random: Random): Added =>
  STAINS[random.pick(['pool', 'splatter', 'drips'] as const)](random, random.pick(PAINT));

const STAINS: Record<Stain, (random: Random, colour: string) => Added> = {
  pool(random, colour) {
    const outline = blob(random, 92, 46, 12, 0.16);
    const drops = scatter(random, random.int(3, 6), 60, 98)
      .map(([x, y]) => ellipse(x, y * 0.55, random.range(5, 10), random.range(3, 6), colour))
      .join('');
    const shine = ellipse(-26, -14, 30, 7, lighten(colour, 0.4), 0.7);
    return { body: drops + edged(outline, colour) + shine, turn: 12 };
  },
  splatter(random, colour) {
    const centre = blob(random, 44, 42, 14, 0.34);
    const streaks = scatter(random, random.int(9, 14), 62, 98)
      .map(([x, y]) => {
        const near = `M${(x * 0.35).toFixed(1)} ${(y * 0.35).toFixed(1)}L${(x * 0.8).toFixed(1)} ${(y * 0.8).toFixed(1)}`;
        return (
          (random.chance(0.6) ? stroke(near, colour, random.range(5, 10)) : '') +
          ellipse(x, y, random.range(5, 12), random.range(5, 12), colour)
        );
      })
      .join('');
    return { body: streaks + edged(centre, colour), turn: 180 };
  },
  drips(random, colour) {
    const count = random.int(4, 6);
    const runs = Array.from({ length: count }, (_, i) => {
      const x = -82 + (i * 164) / (count - 1);
      const end = random.range(-10, 92);
      const width = random.range(13, 22);
      return (
        stroke(`M${x.toFixed(1)} -70V${end.toFixed(1)}`, colour, width) +
        ellipse(x, end, width * 0.68, width * 0.8, colour)
      );
    }).join('');
    return { body: runs + edged(blob(random, 98, 32, 12, 0.14, -70), colour), turn: 8 };
  },
};

const edged = (outline: string, colour: string): string =>
  stroke(outline, darken(colour, 0.35), 6) + fill(outline, colour);

/** A closed wobbly outline; `rough` is the share by which its radius varies. */
function blob(random: Random, rx: number, ry: number, points: number, rough: number, cy = 0): string {
  const around = Array.from({ length: points }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / points;
    const reach = 1 - rough + random.range(0, 2 * rough);
    return [rx * reach * Math.cos(angle), cy + ry * reach * Math.sin(angle)];
  });
  return smoothPath(around, true);
}

/** Points in all directions, between two distances from the origin. */
function scatter(random: Random, count: number, low: number, high: number): Point[] {
  return Array.from({ length: count }, (_, i): Point => {
    const angle = (2 * Math.PI * (i + random.range(-0.3, 0.3))) / count;
    const distance = random.range(low, high);
    return [distance * Math.cos(angle), distance * Math.sin(angle)];
  });
}
