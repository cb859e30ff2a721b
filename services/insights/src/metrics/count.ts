/** Counts what the database holds: rows of the queries → tallies. */
import type { Query, ResultRow } from '../store/store.ts';
import type { Sums } from './intervals.ts';
import { COSTS, EVENTS, EXPOSURES, GENERATIONS, STAGES } from './queries.ts';
import type { Counted, ExposureTally, GenerationTally, Span, Tallies } from './tallies.ts';

/** Tallies of the span, from one state of the database. */
export async function count(query: Query, { fromUs, toUs }: Span): Promise<Counted> {
  const span = { from: fromUs, to: toUs };
  const table = new ByModel();
  for (const row of await query(EXPOSURES, span)) table.of(row).exposures = exposureTally(row);
  for (const row of await query(GENERATIONS, span)) table.of(row).generations = generationTally(row);
  for (const row of await query(STAGES, span))
    table.of(row).stages.push({ stage: text(row, 'stage'), durations: sums(row) });
  for (const row of await query(COSTS, span))
    table.of(row).costs.push({
      month: text(row, 'month'),
      users: sums(row),
      totalNanos: integer(row, 'total'),
      unattributedNanos: integer(row, 'unattributed'),
    });
  const [events] = await query(EVENTS);
  return { ...table.sorted(), events: integer(events ?? {}, 'events') };
}

class ByModel {
  readonly #overall: Tallies = { model: null, stages: [], costs: [] };
  readonly #models = new Map<string, Tallies>();

  of(row: ResultRow): Tallies {
    if (row.overall === true) return this.#overall;
    const model = { name: text(row, 'name'), version: text(row, 'version'), sha256: text(row, 'sha256') };
    const key = JSON.stringify([model.name, model.version, model.sha256]);
    const found = this.#models.get(key) ?? { model, stages: [], costs: [] };
    this.#models.set(key, found);
    return found;
  }

  sorted(): { overall: Tallies; byModel: Tallies[] } {
    const keys = [...this.#models.keys()].sort();
    return { overall: this.#overall, byModel: keys.map((key) => this.#models.get(key) as Tallies) };
  }
}

const exposureTally = (row: ResultRow): ExposureTally => ({
  impressions: integer(row, 'impressions'),
  clicked: integer(row, 'clicked'),
  converted: integer(row, 'converted'),
  downloaded: integer(row, 'downloaded'),
  reported: integer(row, 'reported'),
  clicksWithoutImpression: integer(row, 'orphans'),
  rated: integer(row, 'rated'),
  ratedUp: integer(row, 'rated_up'),
  viewed: sums(row),
  valueMicros: integer(row, 'value_micros'),
});

const generationTally = (row: ResultRow): GenerationTally => ({
  succeeded: integer(row, 'succeeded'),
  failed: integer(row, 'failed'),
  blocked: integer(row, 'blocked'),
  cancelled: integer(row, 'cancelled'),
  images: integer(row, 'images'),
  latency: sums(row),
  p50Us: integer(row, 'p50'),
  p95Us: integer(row, 'p95'),
  p99Us: integer(row, 'p99'),
  firstUs: integer(row, 'first_us'),
  lastUs: integer(row, 'last_us'),
});

const sums = (row: ResultRow): Sums => ({
  count: integer(row, 'count'),
  sum: integer(row, 'sum'),
  squares: integer(row, 'squares'),
});

/** An integer column. @throws TypeError for anything else: a query that does not fit its reader. */
export function integer(row: ResultRow, column: string): bigint {
  const value = row[column];
  if (typeof value === 'bigint') return value;
  throw new TypeError(`${column} is no integer`);
}

/** A text column. @throws TypeError for anything else. */
export function text(row: ResultRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new TypeError(`${column} is no text`);
}
