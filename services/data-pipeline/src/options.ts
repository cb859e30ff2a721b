/** The command line. */
import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULTS, type RunOptions } from './run.ts';

export const USAGE = `npm run curate -- [input] --out DIR [options]

  input                folder, .tar, .csv, .tsv, .jsonl or .parquet, local or s3://bucket/…;
                       none: a corpus with planted faults is drawn, and precision and recall are printed
  --out DIR            folder or s3://… for shards, index.parquet, statistics.json, report.html; resumed when begun
  --workers N          0: this process (default); 1 or more: so many processes over JetStream
  --json               statistics as JSON on standard output
  --sizes 64[,256]     edges of the pictures in the shards, pixels
  --shard-size 2000    pairs in a shard
  --min-side 64        shortest side that is kept, pixels
  --opt-out FILE       sources, addresses or SHA-256, one a line, that must not be in the result
  --no-safety          ask neither prompt-safety nor harm-detection
  --harm-images        ask harm-detection about every picture (some 0.1 s each)
  --planted 20000      pairs to draw when there is no input
  --seed 70000000      first scene of the drawn corpus`;

export interface Command {
  run: Omit<RunOptions, 'promptSafety' | 'harmDetection' | 'bundle'>;
  workers: number;
  json: boolean;
  safety: boolean;
  harmImages: boolean;
}

/** Throws RangeError or TypeError that says what is wrong. */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      workers: { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      sizes: { type: 'string', default: '64' },
      'shard-size': { type: 'string', default: String(DEFAULTS.shardSize) },
      'min-side': { type: 'string', default: String(DEFAULTS.limits.minSide) },
      'opt-out': { type: 'string' },
      'no-safety': { type: 'boolean', default: false },
      'harm-images': { type: 'boolean', default: false },
      planted: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '70000000' },
    },
  });
  if (!values.out) throw new RangeError('--out is missing');
  if (positionals.length > 1) throw new RangeError('more than one input');
  const out = place(values.out);
  const [input] = positionals;
  const planted = { count: whole('planted', values.planted, 100), seed: whole('seed', values.seed, 100_000) };
  return {
    run: {
      ...DEFAULTS,
      input: input === undefined ? `${out}/raw` : place(input),
      out,
      sizes: values.sizes.split(',').map((size) => whole('sizes', size, 16, 4_096)),
      shardSize: whole('shard-size', values['shard-size'], 1, 100_000),
      limits: { ...DEFAULTS.limits, minSide: whole('min-side', values['min-side'], 1, 4_096) },
      optOut: values['opt-out'] === undefined ? [] : optOutList(values['opt-out']),
      planted: input === undefined ? planted : null,
    },
    workers: whole('workers', values.workers, 0, 256),
    json: values.json,
    safety: !values['no-safety'],
    harmImages: values['harm-images'],
  };
}

function whole(name: string, value: string, low: number, high = 1_000_000_000): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < low || number > high)
    throw new RangeError(`--${name} must be a whole number from ${low} to ${high}`);
  return number;
}

/** Absolute, because workers may have another folder; npm runs scripts in the repository's root. */
const place = (path: string): string =>
  path.startsWith('s3://') || isAbsolute(path) ? path : resolve(process.env.INIT_CWD ?? '.', path);

const optOutList = (file: string): string[] =>
  readFileSync(place(file), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .sort();
