/** Figures of a run, from its ledger. */
import { REASONS, type Reason } from '../reasons.ts';
import type { Decided } from '../stages/decide.ts';

export interface Statistics {
  items: number;
  kept: number;
  shards: number;
  /** Items by reason; reasons without items are left out. */
  reasons: Partial<Record<Reason, number>>;
  captionActions: Record<string, number>;
  languages: Record<string, number>;
  formats: Record<string, number>;
  /** What was not asked, and why. */
  notScored: string[];
}

export function statisticsOf(lines: readonly Decided[], notScored: string[]): Statistics {
  const count = (values: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const value of values) counts[value || 'unknown'] = (counts[value || 'unknown'] ?? 0) + 1;
    return Object.fromEntries(Object.entries(counts).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
  };
  const reasons = count(lines.map(({ verdict }) => verdict.reason));
  const kept = lines.filter(({ verdict }) => verdict.reason === 'kept');
  return {
    items: lines.length,
    kept: kept.length,
    shards: new Set(kept.map(({ shard }) => shard)).size,
    reasons: Object.fromEntries(
      Object.keys(REASONS).flatMap((reason) => (reasons[reason] ? [[reason, reasons[reason]]] : [])),
    ),
    captionActions: count(kept.map(({ captionAction }) => captionAction)),
    languages: count(lines.map(({ captionLanguage }) => captionLanguage)),
    formats: count(lines.map(({ format }) => format)),
    notScored,
  };
}
