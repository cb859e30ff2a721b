/** The plain ground of abstract pictures, a little lighter in the middle. */
import { COLOURS, type Colour, darken, lighten, mix } from '../palette.ts';
import { el } from '../svg.ts';

export function plain(colour: Colour): string {
  const base =
    colour === 'white' || colour === 'black' ? COLOURS[colour] : mix(COLOURS[colour], '#ffffff', 0.1);
  return (
    el(
      'radialGradient',
      { id: 'ground', cx: '0.5', cy: '0.45', r: '0.75' },
      el('stop', { offset: '0', stopColor: lighten(base, colour === 'black' ? 0.1 : 0.12) }),
      el('stop', { offset: '1', stopColor: darken(base, 0.05) }),
    ) + el('rect', { width: 1024, height: 1024, fill: 'url(#ground)' })
  );
}
