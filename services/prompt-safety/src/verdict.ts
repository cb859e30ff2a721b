/** Scores → the verdict: which category decides, and on which places. Pure. */
import type { ModelIdentity } from '@atelier/models';
import { CATEGORIES, type Category } from './policy/schema.ts';
import type { Finding, Screening } from './screen.ts';
import type { Thresholds } from './thresholds.ts';

export interface CategoryScore {
  readonly category: Category;
  readonly score: number;
  readonly threshold: number;
}

export interface Verdict {
  readonly allowed: boolean;
  /** The deciding category, or the highest when allowed. */
  readonly top: CategoryScore;
  /** Highest score first, without zeros. */
  readonly scores: readonly CategoryScore[];
  /** Which of the two texts decided. */
  readonly subject: 'prompt' | 'negative';
  /** Places in `subject` that speak for the deciding category; empty when allowed. */
  readonly findings: readonly Finding[];
  /** The classifier that joined the rules. */
  readonly judgedBy?: ModelIdentity;
}

/** A score at or above its threshold blocks; the most exceeded one decides, at a tie the gravest. */
export function decide(screening: Screening, thresholds: Thresholds): Verdict {
  const all = CATEGORIES.map(
    (category): CategoryScore => ({
      category,
      score: screening.scores[category],
      threshold: thresholds[category],
    }),
  );
  const blocking = all.filter((entry) => entry.score >= entry.threshold);
  const top = mostExceeded(blocking.length > 0 ? blocking : all);
  const findings =
    blocking.length > 0
      ? screening.findings.filter((finding) => finding.rule.startsWith(`${top.category}.`))
      : [];
  const inPrompt = findings.filter((finding) => finding.subject === 'prompt');
  const subject = findings.length > 0 && inPrompt.length === 0 ? 'negative' : 'prompt';
  return {
    allowed: blocking.length === 0,
    top,
    scores: all.filter((entry) => entry.score > 0).sort((a, b) => b.score - a.score),
    subject,
    findings: subject === 'prompt' ? inPrompt : findings,
    ...(screening.judgedBy && { judgedBy: screening.judgedBy }),
  };
}

function mostExceeded(entries: readonly CategoryScore[]): CategoryScore {
  return entries.reduce((best, entry) =>
    entry.score - entry.threshold > best.score - best.threshold ? entry : best,
  );
}
