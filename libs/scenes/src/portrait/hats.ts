/** Caps, beanies and brimmed hats; they sit just above the eyebrows and cover the crown. */
import { COLOURS, darken, lighten } from '../palette.ts';
import { el } from '../svg.ts';
import type { Figure } from './figure.ts';

export function hat(figure: Figure): string {
  const { portrait } = figure;
  if (portrait.hat === 'none' || portrait['hat.colour'] === 'none') return '';
  const base = COLOURS[portrait['hat.colour']];
  const colours = {
    base,
    light: lighten(base, 0.2),
    dark: darken(base, portrait['hat.colour'] === 'white' ? 0.16 : 0.28),
  };
  const gradient = el(
    'linearGradient',
    { id: 'hat', x1: 0, y1: 0, x2: 1, y2: '0.5' },
    el('stop', { offset: '0', stopColor: colours.light }),
    el('stop', { offset: '0.5', stopColor: colours.base }),
    el('stop', { offset: '1', stopColor: portrait['hat.colour'] === 'white' ? '#dcdad4' : colours.base }),
  );
  return gradient + { cap, beanie, brimmed }[portrait.hat](figure, colours);
}

interface Shades {
  base: string;
  light: string;
  dark: string;
}

/** Lower edge of the hat on the forehead. */
const edge = ({ eyeY }: Figure): number => eyeY - 96;

function dome(figure: Figure, height: number, grow: number): string {
  const { cx, cy, ry, rx } = figure;
  const [half, top, y] = [rx + grow, cy - ry - height, edge(figure)];
  return el('path', {
    d: `M${cx - half} ${y}C${cx - half - 14} ${top + 60} ${cx - half * 0.6} ${top} ${cx} ${top}C${cx + half * 0.6} ${top} ${cx + half + 14} ${top + 60} ${cx + half} ${y}Q${cx} ${y - 46} ${cx - half} ${y}Z`,
    fill: 'url(#hat)',
  });
}

function cap(figure: Figure, { base, dark }: Shades): string {
  const { cx, cy, ry, rx } = figure;
  const [y, top] = [edge(figure), cy - ry - 74];
  return (
    dome(figure, 74, 30) +
    el('path', {
      d: `M${cx} ${top}Q${cx + 50} ${y - 120} ${cx + 34} ${y - 30}M${cx} ${top}Q${cx - 130} ${y - 130} ${cx - 140} ${y - 24}`,
      fill: 'none',
      stroke: dark,
      strokeWidth: 9,
      opacity: '0.6',
    }) +
    el('circle', { cx, cy: top, r: 22, fill: dark }) +
    el('path', {
      d: `M${cx - rx - 20} ${y - 8}C${cx - 60} ${y - 92} ${cx + rx + 110} ${y - 76} ${cx + rx + 178} ${y + 18}C${cx + rx + 120} ${y + 44} ${cx + rx - 60} ${y - 4} ${cx - rx - 20} ${y - 8}Z`,
      fill: dark,
    }) +
    el('path', {
      d: `M${cx - rx + 30} ${y - 30}C${cx} ${y - 84} ${cx + rx + 90} ${y - 70} ${cx + rx + 150} ${y - 6}`,
      fill: 'none',
      stroke: base,
      strokeWidth: 14,
      strokeLinecap: 'round',
    })
  );
}

function beanie(figure: Figure, { light, dark }: Shades): string {
  const { cx, cy, ry, rx } = figure;
  const y = edge(figure);
  const half = rx + 40;
  const ribs = [-0.72, -0.44, -0.15, 0.15, 0.44, 0.72]
    .map((k) => `M${cx + half * k} ${y - 74 - 16 * (1 - k * k)}V${y - 2 - 16 * (1 - k * k)}`)
    .join('');
  return (
    el('circle', { cx, cy: cy - ry - 108, r: 60, fill: light }) +
    dome(figure, 88, 24) +
    el('path', {
      d: `M${cx - half} ${y - 78}Q${cx} ${y - 118} ${cx + half} ${y - 78}Q${cx + half + 16} ${y - 34} ${cx + half} ${y + 14}Q${cx} ${y - 26} ${cx - half} ${y + 14}Q${cx - half - 16} ${y - 34} ${cx - half} ${y - 78}Z`,
      fill: dark,
    }) +
    el('path', { d: ribs, stroke: light, strokeWidth: 12, strokeLinecap: 'round', opacity: '0.4' })
  );
}

function brimmed(figure: Figure, { base, dark, light }: Shades): string {
  const { cx, cy, ry, rx } = figure;
  const [y, top] = [edge(figure) - 10, cy - ry - 104];
  const half = rx - 6;
  return (
    el('path', {
      d: `M${cx - half} ${y}C${cx - half - 4} ${top + 90} ${cx - half * 0.86} ${top + 8} ${cx - half * 0.5} ${top}Q${cx} ${top + 34} ${cx + half * 0.5} ${top}C${cx + half * 0.86} ${top + 8} ${cx + half + 4} ${top + 90} ${cx + half} ${y}Z`,
      fill: 'url(#hat)',
    }) +
    el('path', {
      d: `M${cx - half - 1} ${y - 82}Q${cx} ${y - 52} ${cx + half + 1} ${y - 82}L${cx + half} ${y}H${cx - half}Z`,
      fill: dark,
    }) +
    el('path', {
      d: `M${cx - rx - 176} ${y - 34}Q${cx - rx - 60} ${y - 8} ${cx} ${y - 12}Q${cx + rx + 60} ${y - 8} ${cx + rx + 176} ${y - 34}Q${cx + rx + 70} ${y + 52} ${cx} ${y + 46}Q${cx - rx - 70} ${y + 52} ${cx - rx - 176} ${y - 34}Z`,
      fill: base,
    }) +
    el('path', {
      d: `M${cx - rx - 130} ${y - 10}Q${cx - rx - 40} ${y + 20} ${cx} ${y + 18}`,
      fill: 'none',
      stroke: light,
      strokeWidth: 14,
      strokeLinecap: 'round',
    })
  );
}
