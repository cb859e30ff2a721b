/** The tables, and how rows become columns of them. Times in microseconds since 1970 (UTC), money in billionths. */
import {
  BIGINT,
  BOOLEAN,
  DuckDBListValue,
  DuckDBStructValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  STRUCT,
  TINYINT,
  UBIGINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { GenerationRow, InteractionRow } from './rows.ts';

/** A column: its name and type in the database, and its value in a row. */
export interface Column<R> {
  name: string;
  type: DuckDBType;
  of: (row: R) => DuckDBValue;
}

/** A table whose first column is the key: what has been kept once is not kept again. */
export interface Table<R> {
  name: string;
  columns: readonly Column<R>[];
}

export const INTERACTIONS: Table<InteractionRow> = {
  name: 'interactions',
  columns: [
    { name: 'interaction_id', type: VARCHAR, of: (row) => row.interactionId },
    { name: 'kind', type: VARCHAR, of: (row) => row.kind },
    { name: 'generation_id', type: VARCHAR, of: (row) => row.generationId },
    { name: 'image_index', type: TINYINT, of: (row) => row.imageIndex },
    { name: 'user_id', type: VARCHAR, of: (row) => row.userId },
    { name: 'occur_us', type: BIGINT, of: (row) => row.occurUs },
    { name: 'receive_us', type: BIGINT, of: (row) => row.receiveUs },
    { name: 'viewed_us', type: BIGINT, of: (row) => row.viewedUs },
    { name: 'rating', type: TINYINT, of: (row) => row.rating },
    { name: 'value_micros', type: UBIGINT, of: (row) => row.valueMicros },
    { name: 'consent', type: BOOLEAN, of: (row) => row.consent },
    { name: 'experiment_id', type: VARCHAR, of: (row) => row.experimentId },
    { name: 'variant', type: TINYINT, of: (row) => row.variant },
  ],
};

const STAGES = LIST(STRUCT({ stage: VARCHAR, duration_us: BIGINT }));

export const GENERATIONS: Table<GenerationRow> = {
  name: 'generations',
  columns: [
    { name: 'generation_id', type: VARCHAR, of: (row) => row.generationId },
    { name: 'state', type: VARCHAR, of: (row) => row.state },
    { name: 'model_name', type: VARCHAR, of: (row) => row.modelName },
    { name: 'model_version', type: VARCHAR, of: (row) => row.modelVersion },
    { name: 'model_sha256', type: VARCHAR, of: (row) => row.modelSha256 },
    { name: 'private', type: BOOLEAN, of: (row) => row.private },
    { name: 'images', type: TINYINT, of: (row) => row.images },
    { name: 'create_us', type: BIGINT, of: (row) => row.createUs },
    { name: 'end_us', type: BIGINT, of: (row) => row.endUs },
    { name: 'cost_nanos', type: BIGINT, of: (row) => row.costNanos },
    {
      name: 'stages',
      type: STAGES,
      of: ({ stages }) =>
        new DuckDBListValue(
          [...stages].map(([stage, durationUs]) => new DuckDBStructValue({ stage, duration_us: durationUs })),
        ),
    },
  ],
};

/** Statements that make what is not there: the table and, for this connection, one of the same columns without a key. */
export function declare<R>({ name, columns }: Table<R>): { table: string; staging: string } {
  const declared = columns.map(({ name, type }) => `${name} ${type} NOT NULL`);
  const [key, ...others] = declared;
  return {
    table: `CREATE TABLE IF NOT EXISTS ${name} (${key} PRIMARY KEY, ${others.join(', ')})`,
    staging: `CREATE TEMP TABLE ${stagingOf(name)} (${declared.join(', ')})`,
  };
}

export const stagingOf = (table: string): string => `staged_${table}`;
