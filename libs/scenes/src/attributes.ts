/** Closed attribute vocabularies, and pinning: "draw me exactly this". */
import type { Attributes } from './scene.ts';

/** Every attribute key of a domain with all the values it may take. */
export type Vocabulary = Readonly<Record<string, readonly string[]>>;

/** Throws RangeError naming the first key or value of `fixed` that the vocabulary does not know. */
export function checkFixed(vocabulary: Vocabulary, fixed: Attributes): void {
  for (const [key, value] of Object.entries(fixed)) {
    const values = vocabulary[key];
    if (!values)
      throw new RangeError(`unknown attribute "${key}"; known: ${Object.keys(vocabulary).join(', ')}`);
    if (!values.includes(value))
      throw new RangeError(`unknown value "${value}" of attribute "${key}"; known: ${values.join(', ')}`);
  }
}
