/** Which colours stand out from which. */
import type { Colour } from '../palette.ts';
import { ABSTRACT_COLOURS } from './vocabulary.ts';

/** Pairs too alike to tell apart at a glance. */
const ALIKE: readonly (readonly [Colour, Colour])[] = [
  ['red', 'orange'],
  ['orange', 'yellow'],
  ['red', 'brown'],
  ['brown', 'black'],
  ['brown', 'orange'],
  ['blue', 'purple'],
  ['blue', 'teal'],
  ['green', 'teal'],
  ['white', 'yellow'],
  ['white', 'grey'],
  ['red', 'pink'],
  ['brown', 'purple'],
  ['grey', 'pink'],
  ['grey', 'teal'],
];

/** Colours that stand out from all of `others`. */
export function apartFrom(...others: readonly (Colour | undefined)[]): Colour[] {
  const alike = (colour: Colour): boolean =>
    ALIKE.some(
      (pair) => pair.includes(colour) && pair.some((other) => other !== colour && others.includes(other)),
    );
  return ABSTRACT_COLOURS.filter((colour) => !others.includes(colour) && !alike(colour));
}
