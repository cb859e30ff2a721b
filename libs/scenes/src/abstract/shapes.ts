/** The six basic shapes, softly shaded. */
import { COLOURS, darken, lighten } from '../palette.ts';
import { el, type Point, polygonPath } from '../svg.ts';
import type { Group, Shape } from './vocabulary.ts';

/** SVG path data of a shape centred on (x, y) that fits a circle of radius r or so (equal optical size). */
export function shapePath(shape: Shape, x: number, y: number, r: number): string {
  switch (shape) {
    case 'circle':
      return `M${x - r * 0.95} ${y}a${r * 0.95} ${r * 0.95} 0 1 0 ${r * 1.9} 0a${r * 0.95} ${r * 0.95} 0 1 0 ${-r * 1.9} 0Z`;
    case 'square':
      return polygonPath(corners(x, y, r * 0.86));
    case 'triangle':
      return polygonPath([
        [x, y - r],
        [x + r, y + r * 0.8],
        [x - r, y + r * 0.8],
      ]);
    case 'diamond':
      return polygonPath([
        [x, y - r * 0.99],
        [x + r * 0.74, y],
        [x, y + r * 0.99],
        [x - r * 0.74, y],
      ]);
    case 'star':
      return polygonPath(
        Array.from({ length: 10 }, (_, i): Point => {
          const angle = -Math.PI / 2 + (i * Math.PI) / 5;
          const radius = r * (i % 2 ? 0.46 : 1.1);
          return [x + radius * Math.cos(angle), y + r * 0.06 + radius * Math.sin(angle)];
        }),
      );
    case 'heart':
      return (
        `M${x} ${y + r * 0.95}C${x - r * 0.5} ${y + r * 0.52} ${x - r} ${y + r * 0.16} ${x - r} ${y - r * 0.34}` +
        `C${x - r} ${y - r * 1.02} ${x - r * 0.16} ${y - r * 1.04} ${x} ${y - r * 0.44}` +
        `C${x + r * 0.16} ${y - r * 1.04} ${x + r} ${y - r * 1.02} ${x + r} ${y - r * 0.34}` +
        `C${x + r} ${y + r * 0.16} ${x + r * 0.5} ${y + r * 0.52} ${x} ${y + r * 0.95}Z`
      );
  }
}

const corners = (x: number, y: number, half: number): Point[] => [
  [x - half, y - half],
  [x + half, y - half],
  [x + half, y + half],
  [x - half, y + half],
];

/** How far (as a share of r) a shape's inside reaches from its centre: what fits inside it, and where that sits. */
export const INTERIOR: Record<Shape, { radius: number; dy: number }> = {
  circle: { radius: 0.66, dy: 0 },
  square: { radius: 0.66, dy: 0 },
  triangle: { radius: 0.42, dy: 0.26 },
  diamond: { radius: 0.5, dy: 0 },
  star: { radius: 0.42, dy: 0.04 },
  heart: { radius: 0.55, dy: -0.1 },
};

/** A group's gradient; its id is `id`. */
export function groupGradient(id: string, { colour }: Group): string {
  const base = COLOURS[colour];
  return el(
    'linearGradient',
    { id, x1: 0, y1: 0, x2: '0.6', y2: 1 },
    el('stop', {
      offset: '0',
      stopColor: lighten(base, colour === 'white' ? 0.5 : colour === 'black' ? 0.16 : 0.1),
    }),
    el('stop', { offset: '1', stopColor: darken(base, colour === 'white' ? 0.07 : 0.08) }),
  );
}

/** One shape with a soft shadow below it. */
export function drawShape(shape: Shape, x: number, y: number, r: number, fill: string): string {
  const d = shapePath(shape, x, y, r);
  return (
    el('path', {
      d,
      fill: '#000000',
      fillOpacity: '0.16',
      transform: `translate(${(r * 0.05).toFixed(1)} ${(r * 0.08).toFixed(1)})`,
    }) + el('path', { d, fill, stroke: fill, strokeWidth: r * 0.05, strokeLinejoin: 'round' })
  );
}
