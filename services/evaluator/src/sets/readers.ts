/** Prompt sets as their authors publish them. Pure. */
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { SetPrompt } from './prompt-set.ts';

type Row = Pick<SetPrompt, 'text' | 'category'>;

/** DrawBench (Saharia et al. 2022): CSV with `Prompts` and `Category`. */
export const readDrawBench = (content: string): Row[] => table(content, ',', 'Prompts');

/** PartiPrompts (Yu et al. 2022): TSV with `Prompt` and `Category`; quotes mean nothing. */
export const readPartiPrompts = (content: string): Row[] => table(content, '\t', 'Prompt');

const GenEvalSchema = z.object({ prompt: z.string(), tag: z.string().default('') });

/** GenEval (Ghosh et al. 2023): JSON lines with `prompt` and `tag`. */
export function readGenEval(content: string): Row[] {
  return linesOf(content).map((line, i) => {
    const parsed = GenEvalSchema.safeParse(jsonOf(line));
    if (!parsed.success) throw new TypeError(`line ${i + 1} is no JSON object with a "prompt"`);
    return { text: parsed.data.prompt, category: parsed.data.tag };
  });
}

/** One prompt a line; empty lines and those that begin with # are none. */
export const readPlainText = (content: string): Row[] =>
  linesOf(content)
    .filter((line) => !line.startsWith('#'))
    .map((text) => ({ text, category: '' }));

/** The reader for a file name: by its ending. @throws TypeError for one that no reader knows. */
export function readerFor(name: string): (content: string) => Row[] {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const reader = { csv: readDrawBench, tsv: readPartiPrompts, jsonl: readGenEval, txt: readPlainText }[
    ending
  ];
  if (!reader) throw new TypeError(`${name} is neither .csv, .tsv, .jsonl nor .txt`);
  return reader;
}

function table(content: string, delimiter: ',' | '\t', column: string): Row[] {
  const rows = parse(content, {
    columns: true,
    bom: true,
    delimiter,
    quote: delimiter === ',' ? '"' : null,
    record_delimiter: ['\r\n', '\n'],
    skip_empty_lines: true,
    relax_column_count: true,
  }) as Record<string, string>[];
  return rows.map((row, i) => {
    const text = row[column]?.trim();
    if (!text) throw new TypeError(`row ${i + 1} has no "${column}"`);
    return { text, category: row.Category?.trim() ?? '' };
  });
}

const linesOf = (content: string): string[] =>
  content
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
