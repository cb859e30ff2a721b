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
  const twins = new Set(
    truth.flatMap(({ item, defect, of }) => (defect === 'exact_copy' ? [item, of as number] : [])),
  );
  /** Whether an item deserves a reason that it was given. */
  const deserved = (line: Decided, reason: Reason): boolean =>
    reason === 'exact_duplicate' && twins.has(line.item)
      ? true
      : line.duplicateOf !== null && reason === line.verdict.reason
        ? same(line, lines.get(line.duplicateOf) as Decided)
        : reasonsOf(planted.get(line.item)?.defect).includes(reason);
  /** A copy is found when it or its original leaves as a duplicate of the same picture. */
  const found = ({ item, defect, of }: PlantedItem): boolean =>
    (of === null ? [item] : [item, of])
      .map((one) => lines.get(one) as Decided)
      .some((line) => givenReasons(line, defect).some((reason) => deserved(line, reason)));
  const score = (defect: Defect): Score => {
    const items = truth.filter((item) => item.defect === defect);
    const hits = items.filter(found).length;
    const named = ledger.flatMap((line) => givenReasons(line, defect).map((reason) => ({ line, reason })));
    return {
      planted: items.length,
      found: hits,
      recall: share(hits, items.length),
      precision: share(named.filter(({ line, reason }) => deserved(line, reason)).length, named.length),
    };
  };
  const names = Object.keys(DEFECTS) as Defect[];
  return Object.fromEntries(
    names.map((defect) => [defect, defect === 'caption_mismatched' && !relevance ? null : score(defect)]),
  ) as Scores;
}

/**
 * Of a defect's reasons, those that an item was given: as its end, or for its captions, which then were replaced. A turned
 * copy is a duplicate; that its caption fits it less well says nothing of the caption.
 */
function givenReasons({ verdict, captionIssue, duplicateOf }: Decided, defect: Defect | null): Reason[] {
  const given = new Set<Reason>([verdict.reason]);
  if (captionIssue && !(captionIssue === 'caption_irrelevant' && duplicateOf !== null))
    given.add(captionIssue);
  return reasonsOf(defect).filter((reason) => given.has(reason));
}

const reasonsOf = (defect: Defect | null | undefined): readonly Reason[] => (defect ? DEFECTS[defect] : []);

const share = (part: number, whole: number): number =>
  whole === 0 ? 1 : Math.round((10_000 * part) / whole) / 10_000;
