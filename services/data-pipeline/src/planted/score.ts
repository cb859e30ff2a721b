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
  /** How many files have these bytes; the grammar draws some scenes alike that it calls different: a chessboard has no first colour. */
  const files = new Map<string, number>();
  for (const { sha256 } of ledger) files.set(sha256, (files.get(sha256) ?? 0) + 1);
  /** Whether an item deserves a reason that it was given. */
  const deserved = (line: Decided, reason: Reason): boolean =>
    reason === 'exact_duplicate'
      ? (files.get(line.sha256) as number) > 1
      : line.duplicateOf !== null && reason === line.verdict.reason
        ? same(line, lines.get(line.duplicateOf) as Decided)
        : reasonsOf(planted.get(line.item)?.defect).includes(reason);
  /** A copy is found when it or its original leaves as a duplicate of the same picture. */
  const found = ({ item, defect, of }: PlantedItem): boolean =>
    (of === null ? [item] : [item, of])
      .map((one) => lines.get(one) as Decided)
      .some((line) => reasonsGiven(line, defect).some((reason) => deserved(line, reason)));
  /** Of what left together with its original for another defect, none is there to be a copy. */
  const leftBefore = ({ item, defect, of }: PlantedItem): boolean => {
    if (of === null) return false;
    const [own, others] = [item, of].map((one) => (lines.get(one) as Decided).verdict.reason);
    return own === others && REASONS.has(own as Reason) && !reasonsOf(defect).includes(own as Reason);
  };
  const reasonsGiven = (line: Decided, defect: Defect | null): Reason[] =>
    givenReasons(line, defect, planted.get(line.item)?.defect === defect);
  const score = (defect: Defect): Score => {
    const items = truth.filter((item) => item.defect === defect && !leftBefore(item));
    const hits = items.filter(found).length;
    const named = ledger.flatMap((line) => reasonsGiven(line, defect).map((reason) => ({ line, reason })));
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
 * copy is a duplicate; that its caption fits it less well says nothing of the caption, unless that is what was `planted`.
 */
function givenReasons(
  { verdict, captionIssue, duplicateOf }: Decided,
  defect: Defect | null,
  planted: boolean,
): Reason[] {
  const given = new Set<Reason>([verdict.reason]);
  if (captionIssue && (planted || captionIssue !== 'caption_irrelevant' || duplicateOf === null))
    given.add(captionIssue);
  return reasonsOf(defect).filter((reason) => given.has(reason));
}

/** What any planted defect is removed for. */
const REASONS: ReadonlySet<Reason> = new Set(Object.values(DEFECTS).flat());

const reasonsOf = (defect: Defect | null | undefined): readonly Reason[] => (defect ? DEFECTS[defect] : []);

const share = (part: number, whole: number): number =>
  whole === 0 ? 1 : Math.round((10_000 * part) / whole) / 10_000;
