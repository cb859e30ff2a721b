/** All parts of a portrait, back to front. */
import type { Random } from '../random.ts';
import { el } from '../svg.ts';
import { backdrop } from './backdrop.ts';
import { beard } from './beards.ts';
import { neckAndClothes } from './clothing.ts';
import { eyes } from './eyes.ts';
import { head } from './face.ts';
import { createFigure } from './figure.ts';
import { glasses } from './glasses.ts';
import { hairBehind, hairGradient, hairInFront, hairOverShoulders } from './hair.ts';
import { hat } from './hats.ts';
import { mouth } from './mouth.ts';
import type { Portrait } from './vocabulary.ts';

/** SVG body of a portrait: centred, scale within ±5 %, moved by at most 1.5 px of 64. */
export function drawFigure(random: Random, portrait: Portrait): string {
  const figure = createFigure(portrait);
  const scale = 1.06 * random.range(0.95, 1.05);
  const [dx, dy] = [random.range(-24, 24), random.range(-10, 14)];
  const parts = [
    hairGradient,
    hairBehind,
    neckAndClothes,
    hairOverShoulders,
    head,
    eyes,
    beard,
    mouth,
    hairInFront,
    glasses,
    hat,
  ];
  const transform = `translate(${(512 + dx).toFixed(1)} ${(612 + dy).toFixed(1)}) scale(${scale.toFixed(3)}) translate(-512 -600)`;
  return backdrop(portrait.background) + el('g', { transform }, ...parts.map((part) => part(figure)));
}
