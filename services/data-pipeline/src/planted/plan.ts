/** A raw corpus with known faults: which item has which, as a pure function of its number. */
import { createRandom } from '@atelier/scenes';
import type { Reason } from '../reasons.ts';

/** What is planted → the reasons that count as finding it. */
export const DEFECTS = {
  undecodable: ['undecodable', 'not_a_picture'],
  tiny: ['too_small'],
  exact_copy: ['exact_duplicate'],
  reencoded: ['near_duplicate'],
  rotated: ['near_duplicate'],
  cropped: ['near_duplicate'],
  watermarked: ['near_duplicate'],
  blurred: ['blurred'],
  harmful: ['harmful_caption'],
  caption_missing: ['caption_missing'],
  caption_foreign: ['caption_foreign'],
  caption_mismatched: ['caption_irrelevant'],
} as const satisfies Record<string, readonly Reason[]>;

export type Defect = keyof typeof DEFECTS;

/** Defects that are copies of a clean item. */
export const COPIES: ReadonlySet<Defect> = new Set([
  'exact_copy',
  'reencoded',
  'rotated',
  'cropped',
  'watermarked',
]);

export interface PlantedItem {
  item: number;
  defect: Defect | null;
  /** Seed of the scene that is drawn. */
  scene: number;
  /** Of a copy, the item it is a copy of. */
  of: number | null;
}

export interface PlantedCorpus {
  /** Pairs in all. */
  count: number;
  /** Seed of the first scene. */
  seed: number;
}

/** Items are planned by hundreds; a copy's original lies in the same hundred. */
const BLOCK = 100;
/** Of a hundred, how many have each defect; the rest is clean. */
const SHARE = 4;

export function plantedItems({ count, seed }: PlantedCorpus, first: number, items: number): PlantedItem[] {
  const planned: PlantedItem[] = [];
  for (let block = Math.floor(first / BLOCK); block * BLOCK < Math.min(count, first + items); block++)
    planned.push(...plantedBlock(seed, block));
  return planned.filter(({ item }) => item >= first && item < Math.min(count, first + items));
}

function plantedBlock(seed: number, block: number): PlantedItem[] {
  const random = createRandom(seed + block).fork('planted');
  const kinds: (Defect | null)[] = Object.keys(DEFECTS).flatMap((defect) =>
    Array<Defect>(SHARE).fill(defect as Defect),
  );
  while (kinds.length < BLOCK) kinds.push(null);
  const places = random.sample(kinds, BLOCK);
  const clean = places.flatMap((kind, place) => (kind === null ? [place] : []));
  return places.map((defect, place) => {
    const item = block * BLOCK + place;
    const original = defect && COPIES.has(defect) ? (clean.shift() as number) + block * BLOCK : null;
    return { item, defect, scene: seed + (original ?? item), of: original };
  });
}
