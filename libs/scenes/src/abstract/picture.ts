/** The structured form of an abstract picture, and its flat attributes. */
import type { Colour } from '../palette.ts';
import type { Attributes } from '../scene.ts';
import type { Direction, Group, Kind, Relation, SymbolName } from './vocabulary.ts';

/** One group of shapes, or two in relation (`relation` is 'none' exactly when there is no group2). */
export interface Shapes {
  kind: 'shapes';
  group1: Group;
  group2: Group | undefined;
  relation: Relation;
  background: Colour;
}

export interface Pattern {
  kind: Exclude<Kind, 'shapes' | 'symbol'>;
  colour1: Colour;
  colour2: Colour;
  direction: Direction;
}

/** `colour1` is the sign's (its left half's) colour, `colour2` the ground's (or the other half's). */
export interface Symbolic {
  kind: 'symbol';
  symbol: Exclude<SymbolName, 'none'>;
  colour1: Colour;
  colour2: Colour;
}

export type Abstract = Shapes | Pattern | Symbolic;

/** The flat attributes of a picture, 'none' where its kind has nothing to say. */
export function flatten(picture: Abstract): Attributes {
  const shapes = picture.kind === 'shapes' ? picture : undefined;
  const other = picture.kind === 'shapes' ? undefined : picture;
  return {
    kind: picture.kind,
    ...groupAttributes('group1', shapes?.group1),
    ...groupAttributes('group2', shapes?.group2),
    relation: shapes?.relation ?? 'none',
    background: shapes?.background ?? 'none',
    colour1: other?.colour1 ?? 'none',
    colour2: other?.colour2 ?? 'none',
    direction: other && 'direction' in other ? other.direction : 'none',
    symbol: picture.kind === 'symbol' ? picture.symbol : 'none',
  };
}

const groupAttributes = (name: string, group: Group | undefined): Attributes => ({
  [`${name}.shape`]: group?.shape ?? 'none',
  [`${name}.colour`]: group?.colour ?? 'none',
  [`${name}.count`]: group?.count ?? 'none',
});
