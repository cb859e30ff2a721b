/** What an abstract picture can be: every attribute key with its closed set of values. */
import { COLOURS, type Colour } from '../palette.ts';

export const KINDS = [
  'shapes',
  'stripes',
  'checkerboard',
  'dots',
  'gradient',
  'waves',
  'rings',
  'sunburst',
  'symbol',
] as const;
export const SHAPES = ['circle', 'square', 'triangle', 'star', 'heart', 'diamond'] as const;
export const COUNTS = ['1', '2', '3', '4', '5'] as const;
/**
 * group1 <relation> group2. Only one direction of each pair is used, so that a picture has one description:
 * group1 is always the upper, the left or the inner group; 'a below b' is stored as 'b above a'.
 */
export const RELATIONS = ['none', 'above', 'left', 'inside'] as const;
export const DIRECTIONS = ['none', 'horizontal', 'vertical', 'diagonal'] as const;
export const SYMBOLS = ['none', 'sun', 'moon', 'rainbow', 'split-heart', 'yin-yang'] as const;
export const ABSTRACT_COLOURS = Object.keys(COLOURS) as Colour[];

const COLOURS_OR_NONE = [...ABSTRACT_COLOURS, 'none'] as const;

/**
 * Shapes use group1.*, group2.*, relation and background; the other kinds use colour1 and colour2 (first stripe,
 * top or left of a gradient, dots, innermost ring, rays; then the other), direction and symbol. What a kind does
 * not use is 'none'. The direction of stripes is that of the bands; of a gradient, that in which it changes.
 */
export const ABSTRACT_VOCABULARY = {
  kind: KINDS,
  'group1.shape': [...SHAPES, 'none'],
  'group1.colour': COLOURS_OR_NONE,
  'group1.count': [...COUNTS, 'none'],
  'group2.shape': [...SHAPES, 'none'],
  'group2.colour': COLOURS_OR_NONE,
  'group2.count': [...COUNTS, 'none'],
  relation: RELATIONS,
  background: COLOURS_OR_NONE,
  colour1: COLOURS_OR_NONE,
  colour2: COLOURS_OR_NONE,
  direction: DIRECTIONS,
  symbol: SYMBOLS,
} as const;

export type Kind = (typeof KINDS)[number];
export type Shape = (typeof SHAPES)[number];
export type Count = (typeof COUNTS)[number];
export type Relation = (typeof RELATIONS)[number];
export type Direction = (typeof DIRECTIONS)[number];
export type SymbolName = (typeof SYMBOLS)[number];

/** Some shapes of one kind and colour. */
export interface Group {
  shape: Shape;
  colour: Colour;
  count: Count;
}
