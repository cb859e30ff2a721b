/** The plain text behind a lattice: what a reader would say the prompt says. */
import type { Dictionary } from './dictionary.ts';
import { type Edge, type Lattice, latticeSpan } from './lattice.ts';
import type { Word } from './words.ts';

/** Costs of taking a reading: ordinary words are free, so that ordinary text stays as it is. */
const DISGUISED = 1;
const UNKNOWN = 2;
/** Shorter readings of disguises mean nothing: "3d", "4k". */
const SHORTEST_DISGUISED = 3;

/**
 * The cheapest path through a lattice (Viterbi 1967) as a lattice of its own, with one reading for each word and the
 * places that the words had. A disguise is lifted only where that gives a word that the dictionary or the policy knows.
 */
export function canonical(
  lattice: Lattice,
  dictionary: Dictionary,
  isPolicyWord: (word: string) => boolean,
): Lattice {
  const isKnown = (word: string): boolean => dictionary.has(word) || isPolicyWord(word);
  const count = lattice.words.length;
  const cost = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
  const best: (Edge | undefined)[] = [];
  cost[count] = 0;
  for (let at = count - 1; at >= 0; at--) {
    for (const edge of lattice.edges[at] ?? []) {
      const price = priceOf(edge, isKnown) + (cost[edge.next] ?? 0);
      if (price >= (cost[at] ?? 0)) continue;
      cost[at] = price;
      best[at] = edge;
    }
  }
  const words: Word[] = [];
  const edges: Edge[][] = [];
  for (let at = 0; at < count; ) {
    const edge = best[at];
    const first = lattice.words[at];
    const last = lattice.words[(edge?.next ?? 0) - 1];
    if (edge === undefined || first === undefined || last === undefined) break;
    const word = edge.word.replace(/(.)\1{2,}/gu, '$1');
    const span = latticeSpan(lattice, at, edge.next);
    const hidden = lattice.words.slice(at, edge.next).some((each) => each.hidden);
    words.push({ ...first, text: word, raw: word, to: last.to, span, hidden });
    edges.push([{ word, next: words.length, disguised: edge.disguised }]);
    at = edge.next;
  }
  return { words, edges };
}

function priceOf({ word, disguised }: Edge, isKnown: (word: string) => boolean): number {
  const known = word.length > 1 ? isKnown(word) : word === 'a' || word === 'i';
  if (!disguised) return known ? 0 : UNKNOWN;
  return known && word.length >= SHORTEST_DISGUISED ? DISGUISED : Number.POSITIVE_INFINITY;
}
