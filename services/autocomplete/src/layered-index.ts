/** Two prompt indexes as one: the bundle's, and that of prompts learnt since. */
import type { PopularPrompt } from './index-file.ts';
import type { Branch, PromptIndex } from './prompt-index.ts';

/** The prompts that go on from a prefix with one next word. */
export interface NextWordGroup {
  /** Sum of their popularities. */
  mass: number;
  /** The most popular of them. */
  best: PopularPrompt;
}

/** What may follow a prefix up to the end of the next word: the rest of this word, or a space and the next one. */
const NEXT_WORD = /^\s*\S*/;

/** The rest of the unfinished word, or a space and the next word. */
export const nextWord = (key: string, prefix: string): string =>
  NEXT_WORD.exec(key.slice(prefix.length))?.[0] ?? '';

export class LayeredIndex {
  readonly #layers: readonly PromptIndex[];

  /** Layers may hold the same prompt: its popularities add up. */
  constructor(layers: readonly PromptIndex[]) {
    this.#layers = layers;
  }

  /** Sum of the popularities of the prompts that begin with `key`. */
  mass(key: string): number {
    return this.#layers.reduce((sum, layer) => sum + layer.mass(layer.range(key)), 0);
  }

  /** The `count` heaviest ways to go on from a prefix (folded), one per next word, heaviest first. */
  groups(key: string, count: number): NextWordGroup[] {
    const groups = new Map<string, { mass: number; places: Place[] }>();
    for (const layer of this.#layers)
      for (const branch of layer.branches(key)) {
        const group = groups.get(branch.word);
        if (group) {
          group.mass += branch.mass;
          group.places.push({ layer, branch });
        } else groups.set(branch.word, { mass: branch.mass, places: [{ layer, branch }] });
      }
    return [...groups.values()]
      .sort((a, b) => b.mass - a.mass)
      .slice(0, count)
      .map(({ mass, places }) => ({ mass, best: bestOf(places) }));
  }

  /** The most popular prompts that begin with `key`, best first. */
  top(key: string, count: number): PopularPrompt[] {
    return this.#layers
      .flatMap((layer) => layer.top(layer.range(key), count))
      .sort((a, b) => b.popularity - a.popularity)
      .slice(0, count);
  }
}

/** Prompts of one layer that go on with the same word. */
interface Place {
  layer: PromptIndex;
  branch: Branch;
}

/** The most popular prompt of all places; of equals that of the last layer. */
const bestOf = (places: readonly Place[]): PopularPrompt =>
  places
    .map(({ layer, branch }) => layer.best(branch))
    .reduce((best, other) => (best.popularity > other.popularity ? best : other));
