/** CSV, TSV, JSONL and Parquet manifests: a row for each pair, with a path or an address and captions. */
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import type { Store } from '../store/store.ts';
import type { GivenCaption, ItemRef } from './item.ts';
import { plain } from './sidecar.ts';

type Row = Record<string, unknown>;

const PLACE = ['path', 'file', 'image', 'file_name', 'filename', 'image_path', 'url', 'image_url'];
const CAPTION = ['caption', 'text', 'captions', 'captions_json', 'TEXT', 'alt'];

export const isManifest = (name: string): boolean => /\.(?:csv|tsv|jsonl|parquet)$/i.test(name);

/** The rows as items; a path is relative to the manifest. */
export async function readManifest(store: Store, name: string): Promise<ItemRef[]> {
  const rows = parseRows(name, await store.read(name));
  const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/') + 1) : '';
  return (await rows).map((row, index) => itemOf(row, folder, `${name}#${index}`));
}

async function parseRows(name: string, bytes: Buffer): Promise<Row[]> {
  const kind = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (kind === 'jsonl')
    return bytes
      .toString()
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => parseLine(line));
  if (kind === 'parquet') {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    return (await parquetReadObjects({ file })) as Row[];
  }
  return parse(bytes, {
    columns: true,
    delimiter: kind === 'tsv' ? '\t' : ',',
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
  }) as Row[];
}

/** A line that is no JSON object stays an item: one without a picture. */
function parseLine(line: string): Row {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Row) : {};
  } catch {
    return {};
  }
}

function itemOf(row: Row, folder: string, place: string): ItemRef {
  const where = first(row, PLACE);
  const text = typeof where === 'string' ? where.trim() : '';
  const captions = CAPTION.flatMap((column) => captionsIn(row[column]));
  if (text === '') return { source: place, image: { kind: 'none' }, captions };
  if (/^[a-z][a-z0-9+.-]*:/i.test(text))
    return { source: `${place} ${text}`, image: { kind: 'url', url: text }, captions };
  return { source: `${place} ${text}`, image: { kind: 'file', name: `${folder}${text}` }, captions };
}

const first = (row: Row, columns: readonly string[]): unknown =>
  columns.map((column) => row[column]).find((value) => value !== undefined && value !== null && value !== '');

/** A text, a list, or a list written as JSON. */
function captionsIn(value: unknown): GivenCaption[] {
  if (Array.isArray(value)) return value.flatMap(captionsIn);
  if (typeof value !== 'string' || value.trim() === '') return [];
  if (value.startsWith('[')) {
    try {
      return captionsIn(JSON.parse(value));
    } catch {
      return [plain(value)];
    }
  }
  return [plain(value)];
}
