/** The command line. */
import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultBundlePath } from '@atelier/models';
import { bucketOf } from './image/aspect.ts';
import { isEvents } from './input/events.ts';
import { DEFAULTS, type RunOptions } from './run.ts';

export const USAGE = `npm run curate -- [input] --out DIR [options]

  input                folder, .tar, .csv, .tsv, .jsonl or .parquet, local or s3://bucket/…;
                       nats://host:port: the platform's own pictures, prompts and feedback;
                       none: a corpus with planted faults is drawn, and precision and recall are printed
  --out DIR            folder or s3://… for shards, index.parquet, statistics.json, report.html; resumed when begun
  --workers N          0: this process (default); 1 or more: so many processes over JetStream
  --json               statistics as JSON on standard output
  --sizes 64[,256]     edges of the pictures in the shards, pixels
  --shard-size 2000    pairs in a shard
  --min-side 64        shortest side that is kept, pixels
  --opt-out FILE       sources, addresses or SHA-256, one a line, that must not be in the result
  --aspects 1:1[,4:3]  shapes that pictures are cut to, the nearest for each; one shape a shard
  --bundle DIR         model bundle, or "starter": embeds captions, holds them against their pictures, writes missing
                       ones. Only for pictures of the bundle's world. Default: the starter for a drawn corpus and for
                       the platform's own pictures, else none
  --no-relevance       the bundle does not know these pictures: it only embeds captions
  --relevance 0.3      similarity that a caption must reach (default: what the bundle says)
  --quality 0.1        score of the bundle's quality scorer that a picture must reach (default: what the bundle says)
  --no-embeddings      no caption embeddings in the shards
  --embedding-cache D  folder or s3://… where embeddings are kept for later runs too (default: in DIR/cache)
  --near-cosine 0.97   also count pictures as one whose embeddings are this similar, 0.93 to 1
  --no-safety          ask neither prompt-safety nor harm-detection
  --harm-images        ask harm-detection about every picture (some 0.1 s each)
  --planted 20000      pairs to draw when there is no input
  --seed 70000000      first scene of the drawn corpus`;

export interface Command {
  run: Omit<RunOptions, 'promptSafety' | 'harmDetection'>;
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
      aspects: { type: 'string', default: DEFAULTS.aspects.join(',') },
      bundle: { type: 'string' },
      'no-relevance': { type: 'boolean', default: false },
      relevance: { type: 'string' },
      quality: { type: 'string' },
      'no-embeddings': { type: 'boolean', default: false },
      'embedding-cache': { type: 'string' },
      'near-cosine': { type: 'string' },
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
  const bundle = values.bundle ?? (input === undefined || isEvents(input) ? STARTER : '');
  const planted = { count: whole('planted', values.planted, 100), seed: whole('seed', values.seed, 100_000) };
  return {
    run: {
      ...DEFAULTS,
      input: input === undefined ? `${out}/raw` : place(input),
      out,
      // The stage waits for its last task: of few and large ones one worker of two does more than half.
      ...(input === undefined && { chunkSize: chunkSizeFor(planted.count) }),
      sizes: values.sizes.split(',').map((size) => whole('sizes', size, 16, 4_096)),
      shardSize: whole('shard-size', values['shard-size'], 1, 100_000),
      limits: { ...DEFAULTS.limits, minSide: whole('min-side', values['min-side'], 1, 4_096) },
      aspects: values.aspects.split(',').map((name) => bucketOf(name).name),
      bundle: bundle === STARTER ? defaultBundlePath() : bundle && place(bundle),
      relevance: !values['no-relevance'],
      relevanceThreshold: values.relevance === undefined ? null : share('relevance', values.relevance, -1),
      minQuality: values.quality === undefined ? null : share('quality', values.quality, 0),
      embed: !values['no-embeddings'],
      embeddingCache: place(values['embedding-cache'] ?? `${out}/cache`),
      nearCosine: values['near-cosine'] === undefined ? 0 : share('near-cosine', values['near-cosine'], 0.93),
      optOut: values['opt-out'] === undefined ? [] : optOutList(values['opt-out']),
      planted: input === undefined ? planted : null,
    },
    workers: whole('workers', values.workers, 0, 256),
    json: values.json,
    safety: !values['no-safety'],
    harmImages: values['harm-images'],
  };
}

/** Tasks that a drawn corpus is cut into at least, and the items of the smallest that is worth a message. */
const FEWEST_TASKS = 40;
const SMALLEST_CHUNK = 25;

const chunkSizeFor = (items: number): number =>
  Math.min(DEFAULTS.chunkSize, Math.max(SMALLEST_CHUNK, Math.ceil(items / FEWEST_TASKS)));

/** The bundle of the repository, by name. */
const STARTER = 'starter';

function share(name: string, value: string, low: number): number {
  const number = Number(value);
  if (!(number >= low && number <= 1)) throw new RangeError(`--${name} must be a number from ${low} to 1`);
  return number;
}

function whole(name: string, value: string, low: number, high = 1_000_000_000): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < low || number > high)
    throw new RangeError(`--${name} must be a whole number from ${low} to ${high}`);
  return number;
}

/** Absolute, because workers may have another folder; npm runs scripts in the repository's root. */
const place = (path: string): string =>
  path.startsWith('s3://') || isEvents(path) || isAbsolute(path)
    ? path
    : resolve(process.env.INIT_CWD ?? '.', path);

const optOutList = (file: string): string[] =>
  readFileSync(place(file), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .sort();
