/** Portraits: one person, head and shoulders, on a plain wall. */
import type { Grammar } from '../scene.ts';
import { drawPortrait } from './attributes.ts';
import { describePortrait } from './captions.ts';
import { drawFigure } from './draw.ts';

export { PORTRAIT_VOCABULARY } from './vocabulary.ts';

export const portraitGrammar: Grammar = (random, fixed) => {
  const portrait = drawPortrait(random.fork('attributes'), fixed);
  return {
    attributes: { ...portrait },
    captions: describePortrait(random.fork('captions'), portrait),
    body: drawFigure(random.fork('drawing'), portrait),
  };
};
