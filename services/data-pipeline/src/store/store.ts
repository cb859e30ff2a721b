/** Where inputs, work in hand and outputs lie: a folder or an S3 bucket, named by URL or path. */
import { folderStore } from './folder.ts';
import { s3Store } from './s3.ts';

/** Named bytes. Names are relative, with "/" between parts. */
export interface Store {
  /** What a person calls it: a path, or "s3://bucket/prefix". */
  readonly where: string;
  /** Names below a prefix, sorted by code units. */
  list(prefix?: string): Promise<string[]>;
  /** Bytes of a name. Throws an Error when it is not there. */
  read(name: string): Promise<Buffer>;
  /** `length` bytes from `offset`. */
  readRange(name: string, offset: number, length: number): Promise<Buffer>;
  /** Size in bytes, or null when there is no such name. */
  size(name: string): Promise<number | null>;
  /** Whole or not at all: a reader never sees half of it, and a second write of the same name replaces the first. */
  write(name: string, bytes: Uint8Array | string): Promise<void>;
}

/** The store at "s3://bucket[/prefix]" or in a folder; S3's endpoint and keys come from the usual AWS variables. */
export function openStore(where: string): Store {
  return where.startsWith('s3://') ? s3Store(where) : folderStore(where);
}

export async function readJson<T>(store: Store, name: string): Promise<T> {
  return JSON.parse((await store.read(name)).toString()) as T;
}

/** One JSON value a line. */
export async function readLines<T>(store: Store, name: string): Promise<T[]> {
  const text = (await store.read(name)).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

export const toLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
