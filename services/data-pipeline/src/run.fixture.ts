/** Runs for tests: in a folder of their own, without services. */
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { soloCrew } from './crew.ts';
import { beginRun, curate } from './curate.ts';
import { DEFAULTS, type Run, type RunOptions } from './run.ts';
import type { Store } from './store/store.ts';

/** Public picture sets that lie beside the project on a developer's machine; null where they don't. */
export function pictureSet(name: string): string | null {
  const folder = join(import.meta.dirname, '../../../../shared/data/images', name);
  return existsSync(folder) ? folder : null;
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'atelier-data-'));

/** A row of the index, as a reader of Parquet sees it. */
export interface Row {
  item: number;
  source: string;
  verdict: 'kept' | 'removed';
  reason: string;
  detail: string;
  duplicate_of: number | null;
  caption: string | null;
  [column: string]: unknown;
}

export async function readIndex(store: Store): Promise<Row[]> {
  const bytes = await store.read('index.parquet');
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return (await parquetReadObjects({ file })) as Row[];
}

/** A whole run in this process. */
export async function runOnce(
  options: Partial<RunOptions> & { input: string; out: string },
): Promise<{ run: Run; rows: Row[] }> {
  const run = await beginRun({ ...DEFAULTS, ...options });
  const crew = soloCrew(run);
  try {
    await curate(run, crew, () => {});
  } finally {
    await crew.close();
  }
  return { run, rows: await readIndex(run.store) };
}
