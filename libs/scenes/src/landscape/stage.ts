/** What every drawing function of a landscape gets. */
import type { Random } from '../random.ts';
import { el } from '../svg.ts';
import type { Light } from './light.ts';
import type { Plan } from './vocabulary.ts';

export interface Stage {
  plan: Plan;
  light: Light;
  random: Random;
  /** Snow lies on the ground and the roofs. */
  snowy: boolean;
}

/** A shape filled with one colour. */
export const fill = (d: string, colour: string, opacity?: number): string =>
  el('path', { d, fill: colour, opacity });

/** A line with round ends. */
export const stroke = (d: string, colour: string, width: number, opacity?: number): string =>
  el('path', {
    d,
    fill: 'none',
    stroke: colour,
    strokeWidth: width,
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
    opacity,
  });

export const ellipse = (
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  colour: string,
  opacity?: number,
): string => el('ellipse', { cx, cy, rx, ry, fill: colour, opacity });

export const box = (
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  rx?: number,
): string => el('rect', { x, y, width, height, fill: colour, rx });

/** Move a drawing made round the origin (x centred, y = 0 on the ground) to its place; negative `sx` mirrors. */
export const put = (x: number, y: number, scale: number, drawing: string, mirrored = false): string =>
  el(
    'g',
    {
      transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${(mirrored ? -scale : scale).toFixed(3)} ${scale.toFixed(3)})`,
    },
    drawing,
  );
