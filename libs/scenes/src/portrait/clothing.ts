/** Neck, shoulders and what they wear: each age has its own cut, so that clothes tell the age as well. */
import { el } from '../svg.ts';
import type { Figure } from './figure.ts';

const TOP = 800;

export function neckAndClothes(figure: Figure): string {
  return neck(figure) + garment(figure) + details(figure);
}

function neck({ cx, cy, ry, skin, portrait }: Figure): string {
  const half = portrait.age === 'child' ? 62 : portrait.gender === 'man' ? 96 : 74;
  const top = cy + ry * 0.6;
  return (
    el('path', {
      d: `M${cx - half} ${top}L${cx - half} ${TOP}Q${cx} ${TOP + 190} ${cx + half} ${TOP}L${cx + half} ${top}Z`,
      fill: skin.base,
    }) +
    // The chin's shadow on the neck.
    el('path', {
      d: `M${cx - half} ${top}L${cx - half} ${cy + ry - 2}Q${cx} ${cy + ry + 92} ${cx + half} ${cy + ry - 2}L${cx + half} ${top}Z`,
      fill: skin.shade,
    })
  );
}

function garment({ cx, shoulders, cloth, portrait }: Figure): string {
  const [l, r] = [cx - shoulders, cx + shoulders];
  const opening = portrait.age === 'child' ? 84 : portrait.gender === 'man' ? 112 : 120;
  // How deep the neckline is cut: women's lower than men's.
  const depth = portrait.gender === 'woman' && portrait.age !== 'child' ? 150 : 62;
  const d =
    `M${l} 1200L${l} 985C${l} 880 ${l + 90} 852 ${cx - opening - 70} ${TOP + 12}L${cx - opening} ${TOP - 22}` +
    `Q${cx} ${TOP + depth} ${cx + opening} ${TOP - 22}L${cx + opening + 70} ${TOP + 12}C${r - 90} 852 ${r} 880 ${r} 985L${r} 1200Z`;
  return (
    el(
      'linearGradient',
      { id: 'cloth', x1: 0, y1: 0, x2: 1, y2: 1 },
      el('stop', { offset: '0', stopColor: cloth.light }),
      el('stop', { offset: '0.45', stopColor: cloth.base }),
      el('stop', { offset: '1', stopColor: cloth.dark }),
    ) +
    el('path', { d, fill: 'url(#cloth)' }) +
    // The sleeves' inner seams.
    el('path', {
      d: `M${l + 118} 1040Q${l + 128} 960 ${l + 108} 915M${r - 118} 1040Q${r - 128} 960 ${r - 108} 915`,
      fill: 'none',
      stroke: cloth.dark,
      strokeWidth: 14,
      strokeLinecap: 'round',
    })
  );
}

function details(figure: Figure): string {
  const { cx, cloth, portrait } = figure;
  const woman = portrait.gender === 'woman';
  const trim = portrait['clothing.colour'] === 'white' ? '#c9d3dc' : '#fbfaf5';
  switch (portrait.age) {
    case 'child':
      // Boys: a broad stripe across the shirt; girls: a round white collar.
      return woman
        ? [-1, 1]
            .map((s) =>
              el('path', {
                d: `M${cx + s * 4} 836C${cx + s * 60} 828 ${cx + s * 84} 806 ${cx + s * 86} 776C${cx + s * 150} 776 ${cx + s * 196} 812 ${cx + s * 186} 846C${cx + s * 150} 912 ${cx + s * 40} 916 ${cx + s * 4} 836Z`,
                fill: trim,
              }),
            )
            .join('')
        : el('path', {
            d: `M${cx - figure.shoulders} 922Q${cx} 884 ${cx + figure.shoulders} 922L${cx + figure.shoulders} 982Q${cx} 944 ${cx - figure.shoulders} 982Z`,
            fill: trim,
          });
    case 'young':
      return woman
        ? ''
        : el('path', {
            d: `M${cx - 112} 778Q${cx} 866 ${cx + 112} 778`,
            fill: 'none',
            stroke: cloth.dark,
            strokeWidth: 26,
          });
    case 'adult': {
      // An open collar and buttons.
      const low = woman ? 930 : 885;
      const side = (s: number): string =>
        `M${cx + s * 118} 766L${cx + s * 196} 826L${cx + s * 104} ${low}L${cx + s * 8} ${woman ? 880 : 842}Z`;
      return (
        el('path', {
          d: `${side(-1)}${side(1)}`,
          fill: cloth.light,
          stroke: cloth.dark,
          strokeWidth: 8,
          strokeLinejoin: 'round',
        }) +
        el('path', { d: `M${cx} ${woman ? 885 : 850}V1200`, stroke: cloth.dark, strokeWidth: 12 }) +
        el('circle', { cx: cx + 28, cy: 960, r: 13, fill: trim })
      );
    }
    case 'old':
      // A cardigan open over a pale shirt; pearls for women.
      return (
        el('path', {
          d: woman
            ? `M${cx - 118} 782Q${cx} 950 ${cx + 118} 782L${cx + 34} 1200H${cx - 34}Z`
            : `M${cx - 112} 778Q${cx} 866 ${cx + 112} 778L${cx + 44} 1200H${cx - 44}Z`,
          fill: trim,
        }) +
        (woman
          ? [-86, -52, -18, 18, 52, 86]
              .map((x) =>
                el('circle', {
                  cx: cx + x,
                  cy: 852 - (x * x) / 130,
                  r: 19,
                  fill: '#fffdf6',
                  stroke: '#d8cdbd',
                  strokeWidth: 5,
                }),
              )
              .join('')
          : '')
      );
  }
}
