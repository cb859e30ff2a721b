/** What a run made of the planted corpus: precision and recall for each defect. */
import type { Reason } from '../reasons.ts';
import type { Decided } from '../stages/decide.ts';
import { DEFECTS, type Defect, type PlantedItem } from './plan.ts';

export interface Score {
  planted: number;
  found: number;
  /** found / planted. */
  recall: number;
  /** Of the items that have a reason of this defect, the share that deserves it; the copies share theirs. */
  precision: number;
}

/** Keys in the order of the defects; null for one that was not scored. */
export type Scores = Record<Defect, Score | null>;

/** @param relevance whether captions were compared with their pictures. */
export function scoresOf(
  truth: readonly PlantedItem[],
  ledger: readonly Decided[],
  relevance: boolean,
): Scores {
  const planted = new Map(truth.map((item) => [item.item, item]));
  const lines = new Map(ledger.map((line) => [line.item, line]));
  const origin = (item: number): number => planted.get(item)?.of ?? item;
  /** Whether the item's end is what was planted: for copies, that one of the pair left because of the other. */
  const deserved = (line: Decided): boolean =>
    line.duplicateOf === null
      ? reasonsOf(planted.get(line.item)?.defect).includes(line.verdict.reason)
      : origin(line.item) === origin(line.duplicateOf);
  const found = ({ item, defect, of }: PlantedItem): boolean => {
    const line = lines.get(item) as Decided;
    if (!defect || of === null) return reasonsOf(defect).includes(line.verdict.reason);
    const partner = lines.get(of) as Decided;
    const reasons = reasonsOf(defect);
    return [line, partner].some(
      ({ duplicateOf, verdict }) =>
        duplicateOf !== null &&
        reasons.includes(verdict.reason) &&
        deserved(line.duplicateOf === null ? partner : line),
    );
  };
  const score = (defect: Defect): Score => {
    const items = truth.filter((item) => item.defect === defect);
    const hits = items.filter(found).length;
    const named = ledger.filter(({ verdict }) => reasonsOf(defect).includes(verdict.reason));
    return {
      planted: items.length,
      found: hits,
      recall: share(hits, items.length),
      precision: share(named.filter(deserved).length, named.length),
    };
  };
  const names = Object.keys(DEFECTS) as Defect[];
  return Object.fromEntries(
    names.map((defect) => [defect, defect === 'caption_mismatched' && !relevance ? null : score(defect)]),
  ) as Scores;
}

const reasonsOf = (defect: Defect | null | undefined): readonly Reason[] => (defect ? DEFECTS[defect] : []);

const share = (part: number, whole: number): number =>
  whole === 0 ? 1 : Math.round((10_000 * part) / whole) / 10_000;
