/** What a curation run is told, and where its files lie. Everything a worker needs is in the run's store. */
import { DEFAULT_LIMITS, type ImageLimits } from './image/limits.ts';
import type { PlantedCorpus } from './planted/plan.ts';
import { openStore, readJson, type Store } from './store/store.ts';

export interface RunOptions {
  /** Folder, .tar, .csv, .tsv, .jsonl or .parquet, local or "s3://…"; or "nats://…": the platform's own pictures. */
  input: string;
  /** Folder or "s3://…" that everything is written below. */
  out: string;
  limits: ImageLimits;
  /** Edges of the pictures in the shards, pixels; the first is `<key>.png`, others `<key>.<size>.png` where the source is large enough. */
  sizes: number[];
  /** Pairs in a shard. */
  shardSize: number;
  /** Items in a task. */
  chunkSize: number;
  /** Most hashes that one near-duplicate task holds in memory. */
  partitionHashes: number;
  /** Below this sharpness a picture counts as blurred, 0..1. */
  minSharpness: number;
  /** Below this contrast (standard deviation of the luma) or entropy (bits) there is next to nothing to see. */
  minContrast: number;
  minEntropy: number;
  /** Score below which a picture counts as spoilt where the bundle has a quality scorer, 0..1; null: the bundle's own figure. */
  minQuality: number | null;
  /** BCP-47 language of the captions that are kept. */
  language: string;
  /** Where prompt-safety and harm-detection answer, "host:port"; empty: not asked, and the ledger says so. */
  promptSafety: string;
  harmDetection: string;
  /** Folder of the model bundle that judges, writes and embeds captions; empty: none of that, and the ledger says so. */
  bundle: string;
  /** Whether the bundle knows the world of the pictures: without, captions are only embedded, and pictures not scored. */
  relevance: boolean;
  /** Similarity below which a caption does not belong to its picture, cosine; null: the bundle's own figure. */
  relevanceThreshold: number | null;
  /** Whether caption embeddings go into the shards. */
  embed: boolean;
  /** Folder or "s3://…" where caption embeddings are kept for later runs too. */
  embeddingCache: string;
  /** Cosine of picture embeddings from which two pictures count as one, 0.93..1; 0: only what hashes and pixels say. */
  nearCosine: number;
  /** Shapes that pictures are cut to, "4:3"; one shape a shard. */
  aspects: string[];
  /** Sources, addresses or SHA-256 that must not be in the result. */
  optOut: string[];
  /** Draw this corpus as the input first; null for an input that is there. */
  planted: PlantedCorpus | null;
}

export const DEFAULTS: Omit<RunOptions, 'input' | 'out'> = {
  limits: DEFAULT_LIMITS,
  sizes: [64],
  shardSize: 2_000,
  chunkSize: 250,
  partitionHashes: 1_000_000,
  minSharpness: 0.25,
  minContrast: 2.5,
  minEntropy: 0.5,
  minQuality: null,
  language: 'en',
  promptSafety: '',
  harmDetection: '',
  bundle: '',
  relevance: true,
  relevanceThreshold: null,
  embed: true,
  embeddingCache: '',
  nearCosine: 0,
  aspects: ['1:1'],
  optOut: [],
  planted: null,
};

/** The files of a run: work in hand below "work/", results beside it. */
export const FILES = {
  run: 'work/run.json',
  raw: (tar: number) => `raw/${number(tar)}.tar`,
  drawn: (tar: number) => `work/raw/${number(tar)}.done`,
  plan: 'work/plan.json',
  chunk: (index: number) => `work/plan/${number(index)}.json`,
  examined: (chunk: number) => `work/examined/${number(chunk)}.jsonl`,
  signatures: (chunk: number) => `work/examined/${number(chunk)}.signatures`,
  hashes: (chunk: number) => `work/examined/${number(chunk)}.hashes`,
  embeddings: (chunk: number) => `work/examined/${number(chunk)}.embeddings`,
  pictures: (chunk: number) => `work/examined/${number(chunk)}.pictures`,
  nearPlan: 'work/near.json',
  near: (task: number) => `work/near/${number(task)}.jsonl`,
  decided: (chunk: number) => `work/decided/${number(chunk)}.jsonl`,
  shardPlan: (shard: number) => `work/shards/${number(shard)}.json`,
  shardDone: (shard: number) => `work/shards/${number(shard)}.done`,
  decision: 'work/decision.json',
  index: 'index.parquet',
  statistics: 'statistics.json',
  report: 'report.html',
} as const;

const number = (index: number): string => String(index).padStart(6, '0');

/** A run opened by the coordinator or a worker. */
export interface Run {
  options: RunOptions;
  store: Store;
}

export async function openRun(out: string): Promise<Run> {
  const store = openStore(out);
  return { store, options: await readJson<RunOptions>(store, FILES.run) };
}
