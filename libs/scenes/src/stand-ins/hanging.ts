/** What hangs from above, within 100 units of the origin: a noose, and a swing and a balloon on strings like it. */
import { box, ellipse, fill, stroke } from '../landscape/stage.ts';
import { COLOURS, darken, lighten } from '../palette.ts';
import type { Random } from '../random.ts';
import { el } from '../svg.ts';
import type { Added } from './vocabulary.ts';

const ROPES = ['#b98d4f', '#8f6a38', '#d3b07a'] as const;
/** Long enough to leave the picture above wherever it hangs. */
const ROPE_TOP = -900;

export function noose(random: Random): Added {
  const rope = random.pick(ROPES);
  const shade = darken(rope, 0.4);
  const loop = `M0 10C-${random.int(62, 80)} 26 -62 96 0 98C62 96 ${random.int(62, 80)} 26 0 10Z`;
  const windings = [-40, -26, -12, 2]
    .map((y) => stroke(`M-15 ${y + 5}L15 ${y - 5}`, shade, 13) + stroke(`M-15 ${y + 4}L15 ${y - 6}`, rope, 9))
    .join('');
  const body = stroke(`M0 ${ROPE_TOP}V-40`, shade, 17) + stroke(`M0 ${ROPE_TOP}V-40`, rope, 11);
  return { body: body + stroke(loop, shade, 20) + stroke(loop, rope, 13) + windings, turn: 5, hangs: true };
}

/** A tyre on a rope. */
export function swing(random: Random): Added {
  const rope = stroke(`M0 ${ROPE_TOP}V-10`, random.pick(ROPES), 12);
  const tyre = el('circle', { cx: 0, cy: 42, r: 44, fill: 'none', stroke: '#26282e', strokeWidth: 26 });
  return { body: rope + tyre, turn: 6, hangs: true };
}

export function balloon(random: Random): Added {
  const colour =
    COLOURS[random.pick(['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink'] as const)];
  const body =
    stroke('M0 40Q-14 66 4 98', '#6a6d75', 4) +
    ellipse(0, -26, 58, 68, colour) +
    fill('M-10 50L10 50L0 38Z', darken(colour, 0.2)) +
    ellipse(-22, -52, 12, 18, lighten(colour, 0.5));
  return { body, turn: 12 };
}

/** A ring in four red and four white parts. */
export function lifebuoy(): Added {
  const ring = (colour: string, dashes?: string): string =>
    el('circle', {
      cx: 0,
      cy: 0,
      r: 66,
      fill: 'none',
      stroke: colour,
      strokeWidth: 44,
      strokeDasharray: dashes,
    });
  return { body: ring('#fbfaf5') + ring(COLOURS.red, '51.8 51.8') + box(-4, -4, 8, 8, 'none'), turn: 40 };
}
