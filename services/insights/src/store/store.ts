/** The events in DuckDB. What `keep` has resolved is on the disk; what is kept twice is there once. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { GenerationRow, InteractionRow } from './rows.ts';
import { declare, GENERATIONS, INTERACTIONS, stagingOf, type Table } from './schema.ts';

export interface StoreOptions {
  /** The database's file, or ":memory:". */
  file: string;
  /** Memory that it may use, MiB. */
  memoryMib: number;
  threads: number;
}

/** A row as the database gives it; integers of 64 bits and more are bigints. */
export type ResultRow = Record<string, DuckDBValue>;
export type Parameters = Record<string, string | bigint>;
/** Runs a query and gives all its rows. */
export type Query = (sql: string, parameters?: Parameters) => Promise<ResultRow[]>;

/** Rows of one data chunk, DuckDB's vector size. */
const CHUNK_ROWS = 2_048;

export class Store {
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  /** One transaction at a time on the writing connection. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(instance: DuckDBInstance, writer: DuckDBConnection) {
    this.#instance = instance;
    this.#writer = writer;
  }

  /** Open the database and make its tables. @throws Error when another process has it open, or it can't be read. */
  static async open({ file, memoryMib, threads }: StoreOptions): Promise<Store> {
    if (file !== ':memory:') await mkdir(dirname(file), { recursive: true });
    const instance = await DuckDBInstance.create(file, {
      memory_limit: `${memoryMib}MiB`,
      threads: String(threads),
      // Everything it needs is built in: nothing is to be fetched.
      autoinstall_known_extensions: 'false',
    });
    const writer = await instance.connect();
    for (const { table, staging } of [declare(INTERACTIONS), declare(GENERATIONS)]) {
      await writer.run(table);
      await writer.run(staging);
    }
    return new Store(instance, writer);
  }

  /** Keep interactions, each `interactionId` once: the first stays. One transaction. */
  async keepInteractions(rows: readonly InteractionRow[]): Promise<void> {
    await this.#keep(
      INTERACTIONS,
      firstOf(rows, (row) => row.interactionId),
    );
  }

  /** Keep ends of generations, each `generationId` once: the first stays. One transaction. */
  async keepGenerations(rows: readonly GenerationRow[]): Promise<void> {
    await this.#keep(
      GENERATIONS,
      firstOf(rows, (row) => row.generationId),
    );
  }

  /** Run queries that all see the same state of the database. */
  async read<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const connection = await this.#instance.connect();
    try {
      await connection.run('BEGIN TRANSACTION READ ONLY');
      const result = await work(async (sql, parameters) =>
        (await connection.runAndReadAll(sql, parameters)).getRowObjects(),
      );
      await connection.run('COMMIT');
      return result;
    } finally {
      connection.closeSync();
    }
  }

  /** Release the file; running work ends first. */
  async close(): Promise<void> {
    await this.#writing;
    this.#writer.closeSync();
    this.#instance.closeSync();
  }

  async #keep<R>(table: Table<R>, rows: readonly R[]): Promise<void> {
    if (rows.length === 0) return;
    const written = this.#writing.then(() => this.#write(table, rows));
    this.#writing = written.catch(() => {});
    await written;
  }

  /** Through a table without a key, because bulk appending knows no conflicts. */
  async #write<R>(table: Table<R>, rows: readonly R[]): Promise<void> {
    const staging = stagingOf(table.name);
    await this.#writer.run('BEGIN TRANSACTION');
    try {
      const appender = await this.#writer.createAppender(staging, 'main', 'temp');
      try {
        for (let first = 0; first < rows.length; first += CHUNK_ROWS)
          appender.appendDataChunk(chunkOf(table, rows.slice(first, first + CHUNK_ROWS)));
      } finally {
        appender.closeSync();
      }
      await this.#writer.run(`INSERT INTO ${table.name} FROM ${staging} ON CONFLICT DO NOTHING`);
      await this.#writer.run(`DELETE FROM ${staging}`);
      await this.#writer.run('COMMIT');
    } catch (error) {
      await this.#writer.run('ROLLBACK');
      throw error;
    }
  }
}

function chunkOf<R>({ columns }: Table<R>, rows: readonly R[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(columns.map(({ type }) => type));
  chunk.setColumns(columns.map(({ of }) => rows.map(of)));
  return chunk;
}

function firstOf<R>(rows: readonly R[], keyOf: (row: R) => string): R[] {
  const byKey = new Map<string, R>();
  for (const row of rows) if (!byKey.has(keyOf(row))) byKey.set(keyOf(row), row);
  return [...byKey.values()];
}
