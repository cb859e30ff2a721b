/** Eyes and eyebrows; with the mouth they carry the expression. */
import { darken, mix } from '../palette.ts';
import { el } from '../svg.ts';
import type { Figure } from './figure.ts';

export function eyes(figure: Figure): string {
  return [-1, 1].map((side) => eye(figure, side) + brow(figure, side)).join('');
}

function eye({ cx, eyeY, eyeDx, skin, portrait }: Figure, side: number): string {
  const x = cx + side * eyeDx;
  const wide = portrait.expression === 'surprised';
  const child = portrait.age === 'child';
  const rx = child ? 52 : 49;
  const ry = (child ? 42 : 34) + (wide ? 14 : 0) - (portrait.expression === 'sad' ? 4 : 0);
  const iris = (child ? 33 : 29) + (wide ? -2 : 0);
  const lid = portrait.gender === 'woman' ? 17 : 10;
  const lash =
    portrait.gender === 'woman'
      ? el('path', {
          d: `M${x + side * (rx - 6)} ${eyeY - 14}l${side * 28} -24`,
          stroke: '#1d1418',
          strokeWidth: 15,
          strokeLinecap: 'round',
        })
      : '';
  return (
    el('ellipse', { cx: x, cy: eyeY, rx, ry, fill: '#fffdf8' }) +
    el('circle', { cx: x, cy: eyeY + (wide ? 0 : 2), r: iris, fill: '#4a2c1a' }) +
    el('circle', { cx: x, cy: eyeY + (wide ? 0 : 2), r: iris * 0.6, fill: '#140d0c' }) +
    el('circle', { cx: x + 11, cy: eyeY - 11, r: 10, fill: '#ffffff' }) +
    el('path', {
      d: `M${x - rx} ${eyeY}A${rx} ${ry} 0 0 1 ${x + rx} ${eyeY}`,
      fill: 'none',
      stroke: portrait.gender === 'woman' ? '#1d1418' : darken(skin.shade, 0.45),
      strokeWidth: lid,
      strokeLinecap: 'round',
    }) +
    lash
  );
}

function brow({ cx, eyeY, eyeDx, hair, skin, portrait }: Figure, side: number): string {
  const lift = { smiling: 66, neutral: 60, sad: 64, surprised: 98 }[portrait.expression];
  const y = eyeY - lift - (portrait.age === 'child' ? 6 : 0);
  // Ends of the brow above its middle: sad brows rise towards the nose.
  const [inner, outer] = { smiling: [8, 12], neutral: [2, 2], sad: [-36, 24], surprised: [10, 16] }[
    portrait.expression
  ] as [number, number];
  const arch = { smiling: -16, neutral: -6, sad: -6, surprised: -26 }[portrait.expression];
  const width = portrait.gender === 'man' ? (portrait.age === 'child' ? 21 : 27) : 17;
  // Pale brows on pale skin (or black on black) would vanish.
  const colour =
    portrait['skin.tone'] === 'dark'
      ? mix(hair.base, '#0c0908', hairIsPale(portrait['hair.colour']) ? 0.1 : 0.75)
      : mix(hair.dark, '#3a2a20', 0.3);
  const [a, b] = [cx + side * (eyeDx - 50), cx + side * (eyeDx + 56)];
  return el('path', {
    d: `M${a} ${y + inner}Q${cx + side * eyeDx} ${y + arch} ${b} ${y + outer}`,
    fill: 'none',
    stroke:
      portrait['skin.tone'] === 'dark' && !hairIsPale(portrait['hair.colour'])
        ? mix(colour, skin.shade, 0.1)
        : colour,
    strokeWidth: width,
    strokeLinecap: 'round',
  });
}

const hairIsPale = (colour: string): boolean =>
  colour === 'white' || colour === 'grey' || colour === 'blonde';
