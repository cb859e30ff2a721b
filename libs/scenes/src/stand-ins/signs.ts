/** Signs within 100 units of the origin: three of the outlines that hate groups use, on banners and badges, and harmless emblems. */
import { box, ellipse, fill, stroke } from '../landscape/stage.ts';
import type { Random } from '../random.ts';
import { el } from '../svg.ts';
import type { Added } from './vocabulary.ts';

/** Ground, disc and ink, as banners have them. */
const HARSH = [
  ['#c01820', '#f7f5f0', '#141416'],
  ['#141416', '#c01820', '#f7f5f0'],
  ['#f7f5f0', '#141416', '#f7f5f0'],
  ['#3a3d45', '#f7f5f0', '#c01820'],
] as const;
const FRIENDLY = [
  ['#2d62d8', '#f7f5f0', '#35a04b'],
  ['#f7f5f0', '#c01820', '#f7f5f0'],
  ['#35a04b', '#f7d032', '#2d62d8'],
  ['#f48cb4', '#f7f5f0', '#7d44b8'],
  ['#141416', '#f7f5f0', '#2aa3a0'],
  ...HARSH,
] as const;

type Inks = readonly [ground: string, disc: string, ink: string];

/** Three arms round a centre, each bent the same way. */
export const hookedWheel = (random: Random): Added =>
  sign(random, random.pick(HARSH), (ink) => {
    const mirrored = random.chance(0.5) ? -1 : 1;
    return [0, 120, 240]
      .map((angle) =>
        el('path', {
          d: `M0 6V-50L${mirrored * 42} -50`,
          fill: 'none',
          stroke: ink,
          strokeWidth: 19,
          strokeLinejoin: 'miter',
          transform: `rotate(${angle})`,
        }),
      )
      .join('');
  });

/** Two angular bolts side by side. */
export const twinBolts = (random: Random): Added =>
  sign(random, random.pick(HARSH), (ink) => bolt(-27, ink) + bolt(27, ink));

/** A cross whose bars reach beyond a ring. */
export const barredWheel = (random: Random): Added =>
  sign(
    random,
    random.pick(HARSH),
    (ink) =>
      el('circle', { cx: 0, cy: 0, r: 36, fill: 'none', stroke: ink, strokeWidth: 14 }) +
      box(-60, -8, 120, 16, ink) +
      box(-8, -60, 16, 120, ink),
  );

export const EMBLEMS = {
  plus: (random: Random): Added =>
    sign(random, random.pick(FRIENDLY), (ink) => box(-52, -15, 104, 30, ink) + box(-15, -52, 30, 104, ink)),
  'peace-sign': (random: Random): Added =>
    sign(
      random,
      random.pick(FRIENDLY),
      (ink) =>
        el('circle', { cx: 0, cy: 0, r: 52, fill: 'none', stroke: ink, strokeWidth: 13 }) +
        stroke('M0 -50V50M0 0L-36 36M0 0L36 36', ink, 13),
    ),
  'star-badge': (random: Random): Added =>
    sign(random, random.pick(FRIENDLY), (ink) =>
      fill('M0 -60L17 -20L60 -18L26 9L38 52L0 27L-38 52L-26 9L-60 -18L-17 -20Z', ink),
    ),
  'single-bolt': (random: Random): Added => sign(random, random.pick(FRIENDLY), (ink) => bolt(0, ink)),
  'spoked-wheel': (random: Random): Added =>
    sign(
      random,
      random.pick(FRIENDLY),
      (ink) =>
        el('circle', { cx: 0, cy: 0, r: 52, fill: 'none', stroke: ink, strokeWidth: 13 }) +
        [0, 45, 90, 135]
          .map((a) => el('path', { d: 'M0 -50V50', stroke: ink, strokeWidth: 7, transform: `rotate(${a})` }))
          .join('') +
        ellipse(0, 0, 14, 14, ink),
    ),
} as const;

const bolt = (x: number, ink: string): string =>
  el('g', { transform: `translate(${x} 0)` }, fill('M10 -60L-22 10H0L-10 60L24 -12H2Z', ink));

/** A mark on a banner, a disc, or by itself on a plate. */
function sign(random: Random, [ground, disc, ink]: Inks, mark: (ink: string) => string): Added {
  const carrier = random.pick(['banner', 'disc', 'plate'] as const);
  const round = ellipse(0, 0, 76, 76, disc);
  if (carrier === 'disc') return { body: ellipse(0, 0, 92, 92, ground) + round + mark(ink), turn: 25 };
  if (carrier === 'plate') return { body: box(-84, -84, 168, 168, disc, 10) + mark(ink), turn: 20 };
  return {
    body: box(-100, -90, 200, 180, ground) + round + mark(ink) + box(-106, -98, 8, 196, '#6b4326'),
    turn: 12,
  };
}
