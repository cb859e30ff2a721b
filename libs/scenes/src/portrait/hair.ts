/** Hair in three layers: behind the neck, over the shoulders, and over the forehead. */
import { lighten } from '../palette.ts';
import { el } from '../svg.ts';
import type { Figure } from './figure.ts';

const HAIR = 'url(#hair)';

export function hairGradient({ hair, portrait }: Figure): string {
  const pale = portrait['hair.colour'] === 'white' ? lighten(hair.base, 0.4) : hair.light;
  return el(
    'linearGradient',
    { id: 'hair', x1: 0, y1: 0, x2: '0.7', y2: 1 },
    el('stop', { offset: '0', stopColor: pale }),
    el('stop', { offset: '0.4', stopColor: hair.base }),
    el('stop', { offset: '1', stopColor: hair.dark }),
  );
}

/** What lies behind head, neck and shoulders. */
export function hairBehind(figure: Figure): string {
  const { cx, cy, rx, ry, hair, portrait } = figure;
  const top = cy - ry;
  const covered = portrait.hat !== 'none';
  switch (portrait['hair.style']) {
    case 'long':
      return el('path', {
        d: `M${cx} ${top - 40}C${cx - 290} ${top - 30} ${cx - 250} ${cy + 60} ${cx - 262} ${hem(figure) - 30}Q${cx} ${hem(figure) + 60} ${cx + 262} ${hem(figure) - 30}C${cx + 250} ${cy + 60} ${cx + 290} ${top - 30} ${cx} ${top - 40}Z`,
        fill: hair.dark,
      });
    case 'curly':
      return curls(figure, covered);
    case 'afro':
      return covered
        ? el('ellipse', { cx, cy: cy + 6, rx: rx + 128, ry: 212, fill: HAIR })
        : el('circle', { cx, cy: cy - 66, r: rx + 126, fill: HAIR });
    case 'ponytail':
      return el('path', {
        d: `M${cx + rx - 60} ${top + 70}C${cx + rx + 150} ${top + 10} ${cx + rx + 230} ${cy - 20} ${cx + rx + 160} ${cy + 330}C${cx + rx + 120} ${cy + 300} ${cx + rx + 60} ${cy + 220} ${cx + rx + 50} ${cy + 90}C${cx + rx + 44} ${cy - 20} ${cx + rx} ${cy - 60} ${cx + rx - 60} ${cy - 70}Z`,
        fill: HAIR,
      });
    case 'bun':
      return covered
        ? el('circle', { cx: cx + rx + 44, cy: cy + 190, r: 92, fill: HAIR })
        : el('circle', { cx, cy: top - 92, r: 104, fill: HAIR }) +
            el('path', {
              d: `M${cx - 62} ${top - 122}Q${cx} ${top - 176} ${cx + 58} ${top - 122}`,
              fill: 'none',
              stroke: hair.light,
              strokeWidth: 15,
              strokeLinecap: 'round',
            });
    default:
      return '';
  }
}

/** Where long hair ends: on the chest, and at the shoulders of children. */
const hem = ({ portrait }: Figure): number => (portrait.age === 'child' ? 800 : 920);

/** A cloud of round locks, from the crown (or from under a hat) down to the shoulders. */
function curls({ cx, cy, rx, hair }: Figure, covered: boolean): string {
  const lock = (dx: number, dy: number, r: number): string =>
    el('circle', { cx: cx + dx, cy: cy + dy, r, fill: dx > 0 ? hair.dark : hair.base });
  const crown = covered
    ? []
    : ([
        [-150, -196, 92],
        [0, -246, 98],
        [150, -196, 92],
      ] as const);
  const sides = (
    [
      [190, -110, 92],
      [222, 10, 92],
      [226, 130, 92],
      [200, 240, 86],
    ] as const
  ).flatMap(([dx, dy, r]) => [[-dx, dy, r] as const, [dx, dy, r] as const]);
  return (
    el('ellipse', { cx, cy: cy + 60, rx: rx + 40, ry: 250, fill: hair.dark }) +
    [...crown, ...sides].map(([dx, dy, r]) => lock(dx, dy, r)).join('')
  );
}

/** Locks that fall in front of the shoulders (behind the face). */
export function hairOverShoulders(figure: Figure): string {
  const { cx, cy, rx, ry, portrait, hair } = figure;
  const low = hem(figure);
  if (portrait['hair.style'] !== 'long') return '';
  return [-1, 1]
    .map((s) =>
      el('path', {
        d: `M${cx + s * (rx - 70)} ${cy - ry * 0.7}C${cx + s * (rx + 90)} ${cy - ry * 0.6} ${cx + s * (rx + 60)} ${cy + 120} ${cx + s * (rx + 84)} ${low - 20}Q${cx + s * (rx + 40)} ${low + 40} ${cx + s * (rx - 56)} ${low - 30}C${cx + s * (rx - 40)} ${low - 110} ${cx + s * (rx - 60)} ${cy + 160} ${cx + s * (rx - 60)} ${cy}Z`,
        fill: s < 0 ? HAIR : hair.base,
      }),
    )
    .join('');
}

/** Fringe and temples, over the face. */
export function hairInFront(figure: Figure): string {
  const { cx, cy, rx, ry, eyeY, hair, portrait } = figure;
  const top = cy - ry;
  const line = eyeY - 128;
  const shine =
    portrait.hat === 'none'
      ? el('path', {
          d: `M${cx - rx + 26} ${top + 62}Q${cx - rx * 0.5} ${top - 12} ${cx - 6} ${top - 16}`,
          fill: 'none',
          stroke: hair.light,
          strokeWidth: 20,
          strokeLinecap: 'round',
          opacity: '0.75',
        })
      : '';
  const outer = (low: number, grow: number): string =>
    `M${cx - rx - 14} ${low}C${cx - rx - 44 - grow} ${top - 10} ${cx - rx * 0.62} ${top - 48 - grow} ${cx} ${top - 48 - grow}` +
    `C${cx + rx * 0.62} ${top - 48 - grow} ${cx + rx + 44 + grow} ${top - 10} ${cx + rx + 14} ${low}L${cx + rx - 22} ${low - 14}`;
  switch (portrait['hair.style']) {
    case 'bald':
      return el('path', {
        d: `M${cx - rx * 0.62} ${top + 84}Q${cx - rx * 0.4} ${top + 32} ${cx} ${top + 26}`,
        fill: 'none',
        stroke: '#ffffff',
        strokeWidth: 24,
        strokeLinecap: 'round',
        opacity: portrait.hat === 'none' ? '0.4' : '0',
      });
    case 'short':
      // A side parting, short at the temples.
      return (
        el('path', {
          d: `${outer(eyeY + 14, 6)}C${cx + rx - 26} ${eyeY - 90} ${cx + rx * 0.7} ${line + 10} ${cx + rx * 0.42} ${line - 6}C${cx + 20} ${line + 34} ${cx - rx * 0.5} ${line + 30} ${cx - rx * 0.68} ${line + 4}C${cx - rx + 30} ${line + 44} ${cx - rx + 26} ${eyeY - 60} ${cx - rx + 22} ${eyeY}Z`,
          fill: HAIR,
        }) + shine
      );
    case 'long':
      // Parted in the middle, falling past the cheeks.
      return (
        el('path', {
          d: `${outer(eyeY + 150, 16)}C${cx + rx - 12} ${eyeY - 20} ${cx + rx * 0.86} ${line - 6} ${cx + 14} ${line - 40}C${cx - rx * 0.86} ${line - 6} ${cx - rx + 12} ${eyeY - 20} ${cx - rx + 22} ${eyeY + 136}Z`,
          fill: HAIR,
        }) + shine
      );
    case 'curly':
      return (
        [-150, -76, 0, 76, 150]
          .map((dx) =>
            el('circle', {
              cx: cx + dx,
              cy: top + 46 + (dx * dx) / 400,
              r: 66,
              fill: dx > 60 ? hair.dark : hair.base,
            }),
          )
          .join('') +
        [-88, 10]
          .map((dx) =>
            el('path', {
              d: `M${cx + dx - 34} ${top + 20}q30 -38 62 -8`,
              fill: 'none',
              stroke: hair.light,
              strokeWidth: 15,
              strokeLinecap: 'round',
              opacity: portrait.hat === 'none' ? '0.8' : '0',
            }),
          )
          .join('')
      );
    case 'afro':
      return el('path', {
        d: `${outer(eyeY - 20, 10)}C${cx + rx - 30} ${line + 20} ${cx + rx * 0.5} ${line - 16} ${cx} ${line - 20}C${cx - rx * 0.5} ${line - 16} ${cx - rx + 30} ${line + 20} ${cx - rx + 22} ${eyeY - 34}Z`,
        fill: hair.base,
      });
    default:
      // Combed back, for buns and ponytails.
      return (
        el('path', {
          d: `${outer(eyeY - 6, 0)}C${cx + rx - 30} ${line + 40} ${cx + rx * 0.5} ${line - 20} ${cx} ${line - 22}C${cx - rx * 0.5} ${line - 20} ${cx - rx + 30} ${line + 40} ${cx - rx + 22} ${eyeY - 20}Z`,
          fill: HAIR,
        }) + shine
      );
  }
}
