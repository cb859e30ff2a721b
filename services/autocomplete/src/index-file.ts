/**
 * The file of a prompt index: gzip of UTF-8 lines. The first is `atelier-prompt-index 1 <language> <count>`; then one
 * line per prompt in the order of their keys: how many UTF-16 units it shares with the prompt before, its popularity
 * and the rest, separated by tabs (front coding; Witten, Moffat & Bell, Managing Gigabytes, §4.1).
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { fold } from './fold.ts';

/** A prompt and how often it was asked for (or, from the grammar, written): an integer ≥ 1. */
export interface PopularPrompt {
  text: string;
  popularity: number;
}

/** Largest index that is unpacked, in bytes: a guard against a damaged or hostile file. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Pack prompts. Equal keys are merged, their popularities added. Throws RangeError for an empty text, one whose length
 * changes when folded (doubled spaces, say) and a popularity that is no integer ≥ 1.
 */
export function packIndex(language: string, prompts: Iterable<PopularPrompt>): Buffer {
  const merged = new Map<string, PopularPrompt>();
  for (const { text, popularity } of prompts) {
    const key = fold(text);
    if (!key.trim() || key.length !== text.length || !Number.isInteger(popularity) || popularity < 1)
      throw new RangeError(`not a prompt for the index: ${JSON.stringify({ text, popularity })}`);
    const known = merged.get(key);
    merged.set(key, { text: known?.text ?? text, popularity: popularity + (known?.popularity ?? 0) });
  }
  const sorted = [...merged].sort(([a], [b]) => order(a, b)).map(([, prompt]) => prompt);
  const lines = [`atelier-prompt-index 1 ${language} ${sorted.length}`];
  let before = '';
  for (const { text, popularity } of sorted) {
    let shared = 0;
    while (shared < before.length && text[shared] === before[shared]) shared++;
    lines.push(`${shared}\t${popularity}\t${text.slice(shared)}`);
    before = text;
  }
  return gzipSync(`${lines.join('\n')}\n`, { level: 9 });
}

/** Unpack an index file. Throws an Error that says what is wrong with a file that is not one. */
export function unpackIndex(file: Uint8Array): { language: string; prompts: PopularPrompt[] } {
  const lines = gunzipSync(file, { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8').split('\n');
  const header = /^atelier-prompt-index 1 (\S+) (\d+)$/.exec(lines[0] ?? '');
  if (!header) throw new Error('not a prompt index of version 1');
  const count = Number(header[2]);
  const prompts: PopularPrompt[] = [];
  let before = '';
  for (let i = 1; i <= count; i++) {
    const [shared, popularity, rest] = (lines[i] ?? '').split('\t');
    if (rest === undefined) throw new Error(`prompt index: line ${i + 1} of ${count + 1} is damaged`);
    const text = before.slice(0, Number(shared)) + rest;
    prompts.push({ text, popularity: Number(popularity) });
    before = text;
  }
  return { language: header[1] as string, prompts };
}
