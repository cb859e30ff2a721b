/** Spectacles with thick round rims, and opaque sunglasses. */
import { el } from '../svg.ts';
import type { Figure } from './figure.ts';

export function glasses(figure: Figure): string {
  const { cx, rx, eyeY, eyeDx, portrait } = figure;
  if (portrait.glasses === 'none') return '';
  const child = portrait.age === 'child';
  const arms = (stroke: string): string =>
    el('path', {
      d: `M${cx - rx - 6} ${eyeY - 4}L${cx - eyeDx - 70} ${eyeY - 8}M${cx + rx + 6} ${eyeY - 4}L${cx + eyeDx + 70} ${eyeY - 8}`,
      stroke,
      strokeWidth: 18,
    });
  if (portrait.glasses === 'glasses') {
    // Dark rims would vanish on the darkest skin: there they are golden.
    const rim = ['monk8', 'monk9', 'monk10'].includes(portrait.skin) ? '#d9a441' : '#22222c';
    const lens = (side: number): string =>
      el('circle', {
        cx: cx + side * eyeDx,
        cy: eyeY,
        r: child ? 76 : 72,
        fill: '#ffffff',
        fillOpacity: '0.22',
        stroke: rim,
        strokeWidth: 20,
      });
    return (
      arms(rim) +
      lens(-1) +
      lens(1) +
      el('path', {
        d: `M${cx - 16} ${eyeY - 14}Q${cx} ${eyeY - 26} ${cx + 16} ${eyeY - 14}`,
        fill: 'none',
        stroke: rim,
        strokeWidth: 20,
      })
    );
  }
  const lens = (side: number): string => {
    const [inner, outer] = [cx + side * 16, cx + side * (eyeDx + 78)];
    return (
      el('path', {
        d: `M${inner} ${eyeY - 52}L${outer} ${eyeY - 58}Q${outer + side * 10} ${eyeY + 62} ${cx + side * (eyeDx + 6)} ${eyeY + 66}Q${inner} ${eyeY + 60} ${inner} ${eyeY - 52}Z`,
        fill: 'url(#lens)',
        stroke: '#0b0c12',
        strokeWidth: 14,
        strokeLinejoin: 'round',
      }) +
      el('path', {
        d: `M${cx + side * eyeDx - 34} ${eyeY + 18}L${cx + side * eyeDx + 22} ${eyeY - 34}`,
        stroke: '#c9d8f2',
        strokeWidth: 17,
        strokeLinecap: 'round',
        opacity: '0.65',
      })
    );
  };
  return (
    el(
      'linearGradient',
      { id: 'lens', x1: 0, y1: 0, x2: 0, y2: 1 },
      el('stop', { offset: '0', stopColor: '#11121a' }),
      el('stop', { offset: '1', stopColor: '#39425e' }),
    ) +
    arms('#0b0c12') +
    lens(-1) +
    lens(1) +
    el('path', { d: `M${cx - 24} ${eyeY - 40}H${cx + 24}`, stroke: '#0b0c12', strokeWidth: 24 })
  );
}
