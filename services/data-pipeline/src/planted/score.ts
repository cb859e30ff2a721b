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
  const facts = ({ domain, attributes }: Decided): string => JSON.stringify([domain, attributes]);
  /** A copy and its original, or two scenes that the grammar drew with the very same attributes. */
  const same = (a: Decided, b: Decided): boolean =>
    origin(a.item) === origin(b.item) || facts(a) === facts(b);
  /** Whether an item deserves the reason it has. */
  const deserved = (line: Decided): boolean =>
    line.duplicateOf === null
      ? reasonsOf(planted.get(line.item)?.defect).includes(line.verdict.reason)
      : same(line, lines.get(line.duplicateOf) as Decided);
  /** A copy is found when it or its original leaves as a duplicate of the same picture. */
  const found = ({ item, defect, of }: PlantedItem): boolean =>
    (of === null ? [item] : [item, of])
      .map((one) => lines.get(one) as Decided)
      .some((line) => reasonsOf(defect).includes(line.verdict.reason) && deserved(line));
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
