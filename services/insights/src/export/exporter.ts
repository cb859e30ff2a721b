/** Both exports, one run after another: asked for, on a timer, and when somebody withdraws consent. */
import { type ParquetExport, writeParquet } from './parquet.ts';
import type { Changes, UserDataFolder } from './user-data-folder.ts';

export interface ExportParts {
  parquet?: ParquetExport;
  userData?: UserDataFolder;
}

export interface Exported {
  parquetFiles: string[];
  picturesAdded: bigint;
  picturesRemoved: bigint;
  pictures: bigint;
}

const NOTHING: Changes = { added: 0, removed: 0, pictures: 0 };

export class Exporter {
  readonly #parts: ExportParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ExportParts) {
    this.#parts = parts;
  }

  /** Bring files up to date with what is kept now. @throws what the disk or the object store throw. */
  async run(): Promise<Exported> {
    const run = this.#last.then(() => this.#run());
    this.#last = run.catch(() => {});
    return await run;
  }

  /** Resolves when no run is under way. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #run(): Promise<Exported> {
    const { parquet, userData } = this.#parts;
    // Pictures first: to take out what was withdrawn must not wait for a disk that is full of Parquet.
    const { added, removed, pictures } = (await userData?.refresh()) ?? NOTHING;
    const parquetFiles = parquet ? await writeParquet(parquet) : [];
    return {
      parquetFiles,
      picturesAdded: BigInt(added),
      picturesRemoved: BigInt(removed),
      pictures: BigInt(pictures),
    };
  }
}
