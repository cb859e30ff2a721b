/** Scores of the ensemble → the verdict. Pure. */
import { CATEGORIES, type Category, type Policy, type Scores } from './policy.ts';

export interface CategoryScore {
  readonly category: Category;
  readonly score: number;
  readonly threshold: number;
}

export interface Verdict {
  readonly allowed: boolean;
  /** The deciding category, or the highest when allowed. */
  readonly top: CategoryScore;
  /** Which member of the ensemble gave the top score. */
  readonly member: number;
  /** Highest first, without zeros. */
  readonly scores: readonly CategoryScore[];
}

/** Each category counts by its highest score: one classifier's alarm is not outvoted by those that can't see it. */
export function decide(policy: Policy, members: readonly Scores[]): Verdict {
  const all = CATEGORIES.map((category) => {
    const scores = members.map((member) => member[category] ?? 0);
    const score = Math.max(0, ...scores);
    return {
      category,
      score,
      threshold: policy.thresholds[category],
      member: Math.max(0, scores.indexOf(score)),
    };
  });
  const blocking = all.filter((entry) => entry.score >= entry.threshold);
  const top = (blocking.length > 0 ? blocking : all).reduce((best, entry) =>
    entry.score - entry.threshold > best.score - best.threshold ? entry : best,
  );
  const plain = ({ category, score, threshold }: CategoryScore): CategoryScore => ({
    category,
    score,
    threshold,
  });
  return {
    allowed: blocking.length === 0,
    top: plain(top),
    member: top.member,
    scores: all
      .filter((entry) => entry.score > 0)
      .sort((a, b) => b.score - a.score)
      .map(plain),
  };
}
