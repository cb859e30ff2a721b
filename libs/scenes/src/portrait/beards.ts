/** Full beards and moustaches, in the colour of the hair. */
import { el } from '../svg.ts';
import type { Figure } from './figure.ts';
import { mouthY } from './mouth.ts';

/** Drawn before the mouth, so that the mouth shows through the beard. */
export function beard(figure: Figure): string {
  const { cx, cy, rx, ry, eyeY, hair, portrait } = figure;
  if (portrait.beard === 'none') return '';
  const y = mouthY(figure);
  const up = portrait.expression === 'smiling' ? 48 : portrait.expression === 'surprised' ? 62 : 44;
  const whiskers = el('path', {
    d: `M${cx} ${y - up + 2}C${cx - 40} ${y - up - 32} ${cx - 92} ${y - up - 14} ${cx - 122} ${y - 2}C${cx - 84} ${y - 6} ${cx - 40} ${y - 8} ${cx} ${y - up + 26}C${cx + 40} ${y - 8} ${cx + 84} ${y - 6} ${cx + 122} ${y - 2}C${cx + 92} ${y - up - 14} ${cx + 40} ${y - up - 32} ${cx} ${y - up + 2}Z`,
    fill: hair.base,
    stroke: portrait['skin.tone'] === 'dark' ? hair.light : hair.dark,
    strokeWidth: 5,
  });
  if (portrait.beard === 'moustache') return whiskers;
  return (
    el('path', {
      d:
        `M${cx - rx - 2} ${eyeY - 6}C${cx - rx - 6} ${cy + ry * 0.62} ${cx - rx * 0.72} ${cy + ry + 62} ${cx} ${cy + ry + 66}` +
        `C${cx + rx * 0.72} ${cy + ry + 62} ${cx + rx + 6} ${cy + ry * 0.62} ${cx + rx + 2} ${eyeY - 6}L${cx + rx - 24} ${eyeY - 6}` +
        `C${cx + rx - 22} ${y - 6} ${cx + 132} ${y + 26} ${cx + 118} ${y - 18}C${cx + 96} ${y - up - 16} ${cx + 36} ${y - up - 26} ${cx} ${y - up - 8}` +
        `C${cx - 36} ${y - up - 26} ${cx - 96} ${y - up - 16} ${cx - 118} ${y - 18}C${cx - 132} ${y + 26} ${cx - rx + 22} ${y - 6} ${cx - rx + 24} ${eyeY - 6}Z`,
      fill: 'url(#hair)',
      stroke: portrait['skin.tone'] === 'dark' ? hair.light : 'none',
      strokeWidth: 6,
    }) +
    el('path', {
      d: `M${cx - 78} ${cy + ry + 22}Q${cx} ${cy + ry + 54} ${cx + 78} ${cy + ry + 22}`,
      fill: 'none',
      stroke: hair.light,
      strokeWidth: 14,
      strokeLinecap: 'round',
      opacity: '0.5',
    })
  );
}
