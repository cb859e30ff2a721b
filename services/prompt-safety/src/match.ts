/** Finds a policy's concepts in a lattice of readings. */
import { HARMLESS, type Lexicon, step, type TrieNode } from './lexicon.ts';
import type { Lattice } from './text/lattice.ts';

/** A concept, found in words `from` to `to` (exclusive) of the lattice. */
export interface Hit {
  readonly concept: string;
  readonly from: number;
  readonly to: number;
  /** Some word wore a disguise. */
  readonly disguised: boolean;
}

/** Concepts of a text, without those that a harmless phrase covers; in reading order, each place once. */
export function findConcepts(lattice: Lattice, lexicon: Lexicon): Hit[] {
  const hits = new Map<string, Hit>();
  const harmless: Hit[] = [];
  const visit = (at: TrieNode, from: number, to: number, disguised: boolean): void => {
    for (const concept of at.concepts) {
      const hit: Hit = { concept, from, to, disguised };
      if (concept === HARMLESS) {
        harmless.push(hit);
        continue;
      }
      const key = `${concept} ${from} ${to}`;
      if (!hits.has(key) || hits.get(key)?.disguised) hits.set(key, hit);
    }
    if (at.children.size === 0) return;
    for (const edge of lattice.edges[to] ?? []) {
      const isDisguised =
        disguised || edge.disguised || lattice.words.slice(to, edge.next).some((word) => word.hidden);
      for (const next of step(at, edge.word)) visit(next, from, edge.next, isDisguised);
    }
  };
  for (let from = 0; from < lattice.words.length; from++) visit(lexicon.root, from, from, false);
  return [...hits.values()].filter(
    (hit) => !harmless.some((safe) => safe.from <= hit.from && hit.to <= safe.to),
  );
}
