/** Head, ears, nose, cheeks and the lines of age. */
import { el } from '../svg.ts';
import type { Figure } from './figure.ts';

export function head(figure: Figure): string {
  const { cx, skin } = figure;
  return (
    el(
      'linearGradient',
      { id: 'skin', x1: 0, y1: 0, x2: 1, y2: '0.6' },
      el('stop', { offset: '0', stopColor: skin.light }),
      el('stop', { offset: '0.55', stopColor: skin.base }),
      el('stop', { offset: '1', stopColor: skin.shade }),
    ) +
    ears(figure) +
    el('path', { d: outline(figure), fill: 'url(#skin)' }) +
    cheeks(figure) +
    el('path', {
      d: `M${cx - 4} ${figure.eyeY + 34}Q${cx - 40} ${noseY(figure)} ${cx + 4} ${noseY(figure)}`,
      fill: 'none',
      stroke: skin.line,
      strokeWidth: figure.portrait.age === 'child' ? 13 : 17,
      strokeLinecap: 'round',
      opacity: '0.75',
    }) +
    wrinkles(figure)
  );
}

/** Height of the tip of the nose. */
const noseY = (figure: Figure): number => figure.eyeY + (figure.portrait.age === 'child' ? 62 : 90);

/** Outline of the face: an egg; square-jawed for men, round for children. */
function outline({ cx, cy, rx, ry, portrait }: Figure): string {
  const [top, chin] = [cy - ry, cy + ry];
  const jaw = portrait.age === 'child' ? 0.66 : portrait.gender === 'man' ? 0.7 : 0.5;
  const k = 0.56;
  return (
    `M${cx} ${top}C${cx + rx * k} ${top} ${cx + rx} ${cy - ry * k} ${cx + rx} ${cy}` +
    `C${cx + rx} ${cy + ry * 0.56} ${cx + rx * jaw} ${chin} ${cx} ${chin}` +
    `C${cx - rx * jaw} ${chin} ${cx - rx} ${cy + ry * 0.56} ${cx - rx} ${cy}` +
    `C${cx - rx} ${cy - ry * k} ${cx - rx * k} ${top} ${cx} ${top}Z`
  );
}

function ears({ cx, rx, eyeY, skin, portrait }: Figure): string {
  const earring = (x: number, y: number): string =>
    portrait.gender === 'woman' && portrait.age !== 'child'
      ? el('circle', { cx: x, cy: y, r: 21, fill: '#f2b632' })
      : '';
  return [-1, 1]
    .map(
      (s) =>
        el('ellipse', {
          cx: cx + s * (rx + 4),
          cy: eyeY + 26,
          rx: 36,
          ry: 54,
          fill: s < 0 ? skin.light : skin.shade,
        }) +
        el('ellipse', { cx: cx + s * (rx + 8), cy: eyeY + 28, rx: 15, ry: 28, fill: skin.shade }) +
        earring(cx + s * (rx + 6), eyeY + 88),
    )
    .join('');
}

function cheeks({ cx, eyeY, eyeDx, skin, portrait }: Figure): string {
  const opacity = { child: 0.8, young: 0.55, adult: 0.25, old: 0.3 }[portrait.age];
  const r = portrait.age === 'child' ? 70 : 60;
  // Blush is subtler on dark skin.
  const strength = opacity * (portrait['skin.tone'] === 'dark' ? 0.55 : 1);
  return (
    el(
      'radialGradient',
      { id: 'blush' },
      el('stop', { offset: '0.25', stopColor: skin.blush, stopOpacity: strength.toFixed(2) }),
      el('stop', { offset: '1', stopColor: skin.blush, stopOpacity: '0' }),
    ) +
    [-1, 1]
      .map((s) =>
        el('ellipse', { cx: cx + s * (eyeDx + 30), cy: eyeY + 88, rx: r, ry: r * 0.8, fill: 'url(#blush)' }),
      )
      .join('')
  );
}

function wrinkles({ cx, cy, ry, eyeY, eyeDx, skin, portrait }: Figure): string {
  const line = (d: string, strokeWidth: number, opacity: string): string =>
    el('path', { d, fill: 'none', stroke: skin.line, strokeWidth, strokeLinecap: 'round', opacity });
  const mouth = cy + ry * 0.56;
  const folds = `M${cx - 66} ${eyeY + 84}Q${cx - 116} ${mouth - 34} ${cx - 112} ${mouth + 6}M${cx + 66} ${eyeY + 84}Q${cx + 116} ${mouth - 34} ${cx + 112} ${mouth + 6}`;
  if (portrait.age === 'adult') return line(folds, 10, '0.4');
  if (portrait.age !== 'old') return '';
  const bags = [-1, 1].map((s) => `M${cx + s * (eyeDx - 44)} ${eyeY + 50}q${s * 44} 30 ${s * 86} 2`).join('');
  const feet = [-1, 1]
    .map(
      (s) =>
        `M${cx + s * (eyeDx + 62)} ${eyeY - 4}l${s * 30} -18M${cx + s * (eyeDx + 62)} ${eyeY + 16}l${s * 32} 4`,
    )
    .join('');
  return (
    line(`M${cx - 84} ${cy - ry * 0.6}q84 -22 168 0M${cx - 98} ${cy - ry * 0.44}q98 -22 196 0`, 13, '0.75') +
    line(folds, 15, '0.75') +
    line(bags + feet, 10, '0.7')
  );
}
