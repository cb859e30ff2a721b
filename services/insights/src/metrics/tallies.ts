/** What is counted, by model: integers only. The figures are made of them in metrics.ts. */
import type { Sums } from './intervals.ts';

/** Span of time in microseconds since 1970, the end excluded. */
export interface Span {
  fromUs: bigint;
  toUs: bigint;
}

/** All there is. */
export const EVER: Span = { fromUs: -(2n ** 62n), toUs: 2n ** 62n };

export interface Model {
  name: string;
  version: string;
  sha256: string;
}

/** See atelier.insights.v1.Metrics for what an exposure is. */
export interface ExposureTally {
  impressions: bigint;
  clicked: bigint;
  converted: bigint;
  downloaded: bigint;
  reported: bigint;
  clicksWithoutImpression: bigint;
  rated: bigint;
  ratedUp: bigint;
  /** Microseconds of viewed exposures. */
  viewed: Sums;
  valueMicros: bigint;
}

export interface GenerationTally {
  succeeded: bigint;
  failed: bigint;
  blocked: bigint;
  cancelled: bigint;
  images: bigint;
  /** Microseconds of those that succeeded. */
  latency: Sums;
  /** Nearest-rank quantiles of the same, microseconds; 0 without any. */
  p50Us: bigint;
  p95Us: bigint;
  p99Us: bigint;
  /** First and last end, microseconds since 1970; 0 without any. */
  firstUs: bigint;
  lastUs: bigint;
}

export interface StageTally {
  stage: string;
  /** Microseconds of generations that had the stage. */
  durations: Sums;
}

export interface CostTally {
  /** "2026-11". */
  month: string;
  /** Billionths of the currency of users. */
  users: Sums;
  totalNanos: bigint;
  unattributedNanos: bigint;
}

/** All that is counted of one model. */
export interface Tallies {
  /** Null: over all models. */
  model: Model | null;
  exposures?: ExposureTally;
  generations?: GenerationTally;
  stages: StageTally[];
  costs: CostTally[];
}

export interface Counted {
  overall: Tallies;
  /** By name, version and SHA-256. */
  byModel: Tallies[];
  events: bigint;
}
