/** A few well-known signs, large and plain. */
import { COLOURS, lighten } from '../palette.ts';
import type { Random } from '../random.ts';
import { el, polygonPath } from '../svg.ts';
import { plain } from './backdrop.ts';
import type { Symbolic } from './picture.ts';
import { shapePath } from './shapes.ts';

export function drawSymbolBody(random: Random, { symbol, colour1, colour2 }: Symbolic): string {
  const size = random.range(0.94, 1.04);
  const drawn = SYMBOLS[symbol](COLOURS[colour1], COLOURS[colour2]);
  const transform = `translate(512 512) scale(${size.toFixed(3)}) translate(-512 -512)`;
  // A split heart and yin-yang wear both colours, so they stand on neutral grey.
  const ground =
    symbol === 'split-heart' || symbol === 'yin-yang'
      ? colour1 === 'grey' || colour2 === 'grey'
        ? 'white'
        : 'grey'
      : colour2;
  return plain(ground) + el('g', { transform }, drawn);
}

const SYMBOLS: Record<Symbolic['symbol'], (a: string, b: string) => string> = {
  sun: (a) => {
    const rays = Array.from({ length: 8 }, (_, i) =>
      el('path', {
        d: polygonPath([
          [470, 225],
          [512, 80],
          [554, 225],
        ]),
        fill: a,
        transform: `rotate(${i * 45} 512 512)`,
      }),
    ).join('');
    return (
      rays +
      el('circle', { cx: 512, cy: 512, r: 236, fill: a }) +
      el('circle', { cx: 490, cy: 488, r: 176, fill: lighten(a, 0.22) })
    );
  },
  moon: (a) =>
    el('path', { d: 'M560 190A330 330 0 1 0 800 690A290 290 0 0 1 560 190Z', fill: a }) +
    [
      [800, 220, 84],
      [680, 440, 62],
      [880, 480, 62],
    ]
      .map(([x, y, r]) =>
        el('path', { d: shapePath('star', x as number, y as number, r as number), fill: a }),
      )
      .join(''),
  rainbow: () =>
    (['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const)
      .map((colour, i) =>
        el('path', {
          d: `M${72 + i * 62} 800A${440 - i * 62} ${440 - i * 62} 0 0 1 ${952 - i * 62} 800`,
          fill: 'none',
          stroke: COLOURS[colour],
          strokeWidth: 63,
        }),
      )
      .join(''),
  'split-heart': (a, b) =>
    el('clipPath', { id: 'half' }, el('rect', { x: 0, y: 0, width: 512, height: 1024 })) +
    el('path', { d: shapePath('heart', 512, 530, 400), fill: b }) +
    el('path', { d: shapePath('heart', 512, 530, 400), fill: a, clipPath: 'url(#half)' }),
  'yin-yang': (a, b) =>
    el('circle', { cx: 512, cy: 512, r: 380, fill: b }) +
    el('path', {
      d: 'M512 132A380 380 0 0 0 512 892A190 190 0 0 0 512 512A190 190 0 0 1 512 132Z',
      fill: a,
    }) +
    el('circle', { cx: 512, cy: 322, r: 62, fill: a }) +
    el('circle', { cx: 512, cy: 702, r: 62, fill: b }),
};
