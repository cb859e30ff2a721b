/** Abstract pictures: shapes that can be counted and are placed in relation, patterns, gradients and signs. */
import type { Random } from '../random.ts';
import type { Grammar } from '../scene.ts';
import { drawAbstract } from './attributes.ts';
import { plain } from './backdrop.ts';
import { describePattern, describeSymbol } from './captions.ts';
import { placeOne, placeTwo, type Spot } from './layouts.ts';
import { drawPatternBody } from './patterns.ts';
import { type Abstract, flatten, type Shapes } from './picture.ts';
import { describeShapes } from './shape-captions.ts';
import { drawShape, groupGradient } from './shapes.ts';
import { drawSymbolBody } from './symbols.ts';
import type { Group } from './vocabulary.ts';

export { ABSTRACT_VOCABULARY } from './vocabulary.ts';

export const abstractGrammar: Grammar = (random, fixed) => {
  const picture = drawAbstract(random.fork('attributes'), fixed);
  const words = random.fork('captions');
  return {
    attributes: flatten(picture),
    captions:
      picture.kind === 'shapes'
        ? describeShapes(words, picture)
        : picture.kind === 'symbol'
          ? describeSymbol(words, picture)
          : describePattern(words, picture),
    body: draw(random.fork('drawing'), picture),
  };
};

function draw(random: Random, picture: Abstract): string {
  if (picture.kind === 'shapes') return drawShapes(random, picture);
  return picture.kind === 'symbol' ? drawSymbolBody(random, picture) : drawPatternBody(random, picture);
}

function drawShapes(random: Random, { group1, group2, relation, background }: Shapes): string {
  const many = (id: string, { shape }: Group, spots: readonly Spot[]): string =>
    spots.map(({ x, y, r }) => drawShape(shape, x, y, r, `url(#${id})`)).join('');
  const ground = plain(background) + groupGradient('group1', group1);
  if (!group2 || relation === 'none') return ground + many('group1', group1, placeOne(random, group1.count));
  const [spots1, spots2] = placeTwo(random, relation, group1, group2);
  // The outer group first: the inner one lies on top of it.
  return (
    ground + groupGradient('group2', group2) + many('group2', group2, spots2) + many('group1', group1, spots1)
  );
}
