/** The index: a row for every input item, with its verdict and reason, in Parquet. */
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import type { Decided } from './decide.ts';

type Column = [name: string, type: NonNullable<ColumnSource['type']>, value: (line: Decided) => unknown];

const COLUMNS: readonly Column[] = [
  ['item', 'INT32', (l) => l.item],
  ['source', 'STRING', (l) => l.source],
  ['verdict', 'STRING', (l) => (l.verdict.reason === 'kept' ? 'kept' : 'removed')],
  ['reason', 'STRING', (l) => l.verdict.reason],
  ['detail', 'STRING', (l) => l.verdict.detail],
  ['duplicate_of', 'INT32', (l) => l.duplicateOf],
  ['shard', 'INT32', (l) => l.shard],
  ['key', 'STRING', (l) => l.key],
  ['sha256', 'STRING', (l) => l.sha256],
  ['bytes', 'INT32', (l) => l.bytes],
  ['format', 'STRING', (l) => l.format],
  ['width', 'INT32', (l) => l.width],
  ['height', 'INT32', (l) => l.height],
  ['frames', 'INT32', (l) => l.frames],
  ['sharpness', 'FLOAT', (l) => l.sharpness],
  ['contrast', 'FLOAT', (l) => l.contrast],
  ['entropy', 'FLOAT', (l) => l.entropy],
  ['caption', 'STRING', (l) => l.captions[0]?.text ?? null],
  ['captions', 'INT32', (l) => l.captions.length],
  ['caption_action', 'STRING', (l) => l.captionAction],
  ['caption_issue', 'STRING', (l) => l.captionIssue],
  ['caption_language', 'STRING', (l) => l.captionLanguage],
  ['relevance', 'FLOAT', (l) => l.relevance],
  ['quality', 'FLOAT', (l) => l.quality],
  ['bucket', 'STRING', (l) => l.bucket],
  ['rated_up', 'INT32', (l) => l.feedback?.up ?? null],
  ['rated_down', 'INT32', (l) => l.feedback?.down ?? null],
];

/** The same lines give the same bytes. */
export function ledgerParquet(lines: readonly Decided[]): Buffer {
  const columnData = COLUMNS.map(([name, type, value]) => ({
    name,
    type,
    data: lines.map(value),
    nullable: true,
  }));
  return Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 10_000 }));
}
