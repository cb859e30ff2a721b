/** The plain, softly lit wall behind a portrait. */
import { COLOURS, lighten, mix } from '../palette.ts';
import { el } from '../svg.ts';
import type { Portrait } from './vocabulary.ts';

export function backdrop(background: Portrait['background']): string {
  const soft =
    background === 'black'
      ? '#2a2b33'
      : mix(COLOURS[background], '#ffffff', background === 'white' ? 0 : 0.2);
  return (
    el(
      'radialGradient',
      { id: 'wall', cx: '0.5', cy: '0.42', r: '0.72' },
      el('stop', { offset: '0', stopColor: lighten(soft, background === 'black' ? 0.2 : 0.28) }),
      el('stop', { offset: '1', stopColor: background === 'white' ? '#eceae2' : soft }),
    ) + el('rect', { width: 1024, height: 1024, fill: 'url(#wall)' })
  );
}
