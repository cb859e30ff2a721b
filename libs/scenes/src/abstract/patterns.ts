/** Patterns over the whole canvas, of few and large elements. */
import { COLOURS, mix } from '../palette.ts';
import type { Random } from '../random.ts';
import { el, type Point, polygonPath, smoothPath } from '../svg.ts';
import type { Pattern } from './picture.ts';

const rect = (x: number, y: number, width: number, height: number, fill: string): string =>
  el('rect', { x, y, width, height, fill });

export function drawPatternBody(random: Random, pattern: Pattern): string {
  const [a, b] = [COLOURS[pattern.colour1], COLOURS[pattern.colour2]];
  return PATTERNS[pattern.kind](random, a, b, pattern) + sheen();
}

/** A faint light from the upper left, so that flat patterns look printed rather than computed. */
const sheen = (): string =>
  el(
    'linearGradient',
    { id: 'sheen', x1: 0, y1: 0, x2: 1, y2: 1 },
    el('stop', { offset: '0', stopColor: '#ffffff', stopOpacity: '0.12' }),
    el('stop', { offset: '0.5', stopColor: '#ffffff', stopOpacity: '0' }),
    el('stop', { offset: '1', stopColor: '#000000', stopOpacity: '0.1' }),
  ) + rect(0, 0, 1024, 1024, 'url(#sheen)');

type Draw = (random: Random, a: string, b: string, pattern: Pattern) => string;

const PATTERNS: Record<Pattern['kind'], Draw> = {
  stripes: (random, a, b, { direction }) => {
    const bands = random.pick([6, 8]);
    const width = 1024 / bands;
    const rotation = { horizontal: 0, vertical: -90, diagonal: -45, none: 0 }[direction];
    // Stripes reach beyond the canvas so that they still cover it when turned.
    const stripes = Array.from({ length: bands * 2 }, (_, i) =>
      rect(-512, -512 + i * width, 2048, width + 1, i % 2 === 0 ? a : b),
    );
    return el('g', { transform: `rotate(${rotation} 512 512)` }, ...stripes);
  },
  checkerboard: (random, a, b) => {
    const n = random.pick([4, 6]);
    const size = 1024 / n;
    return (
      rect(0, 0, 1024, 1024, b) +
      Array.from({ length: n * n }, (_, i) =>
        ((i % n) + Math.floor(i / n)) % 2 === 0
          ? rect((i % n) * size, Math.floor(i / n) * size, size, size, a)
          : '',
      ).join('')
    );
  },
  dots: (random, a, b) => {
    const n = random.pick([3, 4]);
    const size = 1024 / n;
    return (
      rect(0, 0, 1024, 1024, b) +
      Array.from({ length: n * n }, (_, i) =>
        el('circle', {
          cx: ((i % n) + 0.5) * size,
          cy: (Math.floor(i / n) + 0.5) * size,
          r: size * 0.31,
          fill: a,
        }),
      ).join('')
    );
  },
  gradient: (_random, a, b, { direction }) => {
    const [x2, y2] = direction === 'horizontal' ? [1, 0] : [0, 1];
    return (
      el(
        'linearGradient',
        { id: 'blend', x1: 0, y1: 0, x2, y2 },
        el('stop', { offset: '0.05', stopColor: a }),
        el('stop', { offset: '0.95', stopColor: b }),
      ) + rect(0, 0, 1024, 1024, 'url(#blend)')
    );
  },
  waves: (random, a, b) => {
    const phase = random.range(-0.3, 0.3);
    const layers = 5;
    const wave = (i: number): string => {
      const y = (i / layers) * 1024;
      const line = Array.from(
        { length: 17 },
        (_, k): Point => [-64 + k * 72, y + 58 * Math.sin((k * 72) / 163 + phase + i * Math.PI)],
      );
      return el('path', { d: `${smoothPath(line)}L1100 1100L-64 1100Z`, fill: mix(a, b, i / (layers - 1)) });
    };
    return rect(0, 0, 1024, 1024, a) + Array.from({ length: layers - 1 }, (_, i) => wave(i + 1)).join('');
  },
  rings: (random, a, b) => {
    const rings = 5;
    const step = 490 / rings;
    const [cx, cy] = [512 + random.range(-12, 12), 512 + random.range(-12, 12)];
    return (
      rect(0, 0, 1024, 1024, b) +
      Array.from({ length: rings }, (_, i) =>
        el('circle', { cx, cy, r: (rings - i) * step, fill: (rings - i) % 2 === 1 ? a : b }),
      ).join('')
    );
  },
  sunburst: (_random, a, b) => {
    const rays = 10;
    const at = (i: number): Point => [
      512 + 900 * Math.cos((i * Math.PI) / rays),
      512 + 900 * Math.sin((i * Math.PI) / rays),
    ];
    return (
      rect(0, 0, 1024, 1024, b) +
      Array.from({ length: rays }, (_, i) =>
        el('path', { d: polygonPath([[512, 512], at(i * 2 - 0.5), at(i * 2 + 0.5)]), fill: a }),
      ).join('') +
      el('circle', { cx: 512, cy: 512, r: 150, fill: a })
    );
  },
};
