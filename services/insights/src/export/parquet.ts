/** The tables as Parquet files, for whatever reads Parquet. */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../store/store.ts';

export interface ParquetExport {
  store: Store;
  folder: string;
}

/** By file. Times become timestamps; consent stays inside. */
const TABLES = {
  interactions: `
    SELECT * EXCLUDE (occur_us, receive_us, consent),
      make_timestamp(occur_us) AS occur_time, make_timestamp(receive_us) AS receive_time
    FROM interactions ORDER BY occur_us, interaction_id`,
  generations: `
    SELECT * EXCLUDE (create_us, end_us),
      make_timestamp(create_us) AS create_time, make_timestamp(end_us) AS end_time
    FROM generations ORDER BY end_us, generation_id`,
};

/** Write each table whole beside its file, then in its place, so that a reader never sees half of one. Resolves to the files. */
export async function writeParquet({ store, folder }: ParquetExport): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const [table, rows] of Object.entries(TABLES)) {
    const file = join(folder, `${table}.parquet`);
    const unfinished = `${file}.unfinished`;
    await store.read((query) =>
      query(`COPY (${rows}) TO '${unfinished.replaceAll("'", "''")}' (FORMAT parquet)`),
    );
    await rename(unfinished, file);
    files.push(file);
  }
  return files;
}
