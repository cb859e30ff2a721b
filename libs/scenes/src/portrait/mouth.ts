/** Mouths: a grin, a level line, a frown, an O. Each at least 7 px wide (or 6 px tall) at 64×64. */
import { darken } from '../palette.ts';
import { el } from '../svg.ts';
import type { Figure } from './figure.ts';

/** Height of the middle of the mouth. */
export const mouthY = ({ cy, ry, portrait }: Figure): number =>
  cy + ry * (portrait.age === 'child' ? 0.62 : 0.58);

export function mouth(figure: Figure): string {
  const { cx, skin, portrait } = figure;
  const y = mouthY(figure);
  const lips = skin.lips;
  const woman = portrait.gender === 'woman';
  switch (portrait.expression) {
    case 'smiling':
      return (
        el('path', {
          d: `M${cx - 88} ${y - 26}Q${cx} ${y - 8} ${cx + 88} ${y - 26}Q${cx + 62} ${y + 58} ${cx} ${y + 58}Q${cx - 62} ${y + 58} ${cx - 88} ${y - 26}Z`,
          fill: '#6e1a24',
          stroke: lips,
          strokeWidth: woman ? 16 : 9,
          strokeLinejoin: 'round',
        }) +
        el('path', {
          d: `M${cx - 74} ${y - 17}Q${cx} ${y - 1} ${cx + 74} ${y - 17}Q${cx + 60} ${y + 18} ${cx} ${y + 20}Q${cx - 60} ${y + 18} ${cx - 74} ${y - 17}Z`,
          fill: '#ffffff',
        })
      );
    case 'neutral':
      return woman
        ? el('path', {
            d: `M${cx - 64} ${y}Q${cx - 30} ${y - 24} ${cx} ${y - 14}Q${cx + 30} ${y - 24} ${cx + 64} ${y}Q${cx} ${y + 40} ${cx - 64} ${y}Z`,
            fill: lips,
          }) +
            el('path', {
              d: `M${cx - 60} ${y}H${cx + 60}`,
              stroke: darken(lips, 0.4),
              strokeWidth: 8,
              strokeLinecap: 'round',
            })
        : el('path', {
            d: `M${cx - 58} ${y}H${cx + 58}`,
            stroke: lips,
            strokeWidth: 22,
            strokeLinecap: 'round',
          });
    case 'sad':
      return el('path', {
        d: `M${cx - 70} ${y + 34}Q${cx} ${y - 46} ${cx + 70} ${y + 34}`,
        fill: 'none',
        stroke: lips,
        strokeWidth: woman ? 27 : 22,
        strokeLinecap: 'round',
      });
    case 'surprised':
      return el('ellipse', {
        cx,
        cy: y + 8,
        rx: 44,
        ry: 54,
        fill: '#5a141d',
        stroke: lips,
        strokeWidth: woman ? 18 : 11,
      });
  }
}
