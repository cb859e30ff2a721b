/** What drawing cost: time, throughput, memory, money. Pure. */
import { median, percentile } from '@atelier/metrics';
import type { DrawnRecord, Session } from '../run/folder.ts';

export interface CostFigures {
  /** Of a picture from its first stage to its end, with the run's pictures in hand at once, seconds. */
  readonly latencyP50: number;
  readonly latencyP99: number;
  /** Of the denoising alone, median, seconds. */
  readonly denoisingP50: number;
  /** Pictures an hour. */
  readonly perHour: number;
  /** Processor time of all services for a picture: other programs on the machine don't change it. Seconds. */
  readonly cpuSeconds: number;
  /** Largest resident sets of all services, MiB. */
  readonly peakRssMb: number;
  /** `cpuSeconds` at a price. */
  readonly cost: number;
}

/** @param pricePerCoreHour in any currency; the cost is in the same. Undefined when nothing was drawn. */
export function costFigures(
  records: readonly DrawnRecord[],
  sessions: readonly Session[],
  pricePerCoreHour: number,
): CostFigures | undefined {
  const done = records.filter(({ state }) => state === 'succeeded');
  const sum = (key: keyof Session) => sessions.reduce((total, session) => total + session[key], 0);
  const pictures = sum('pictures');
  if (done.length === 0 || pictures === 0) return undefined;
  const cpuSeconds = sum('cpuSeconds') / pictures;
  return {
    latencyP50: median(done.map(({ seconds }) => seconds)),
    latencyP99: percentile(
      done.map(({ seconds }) => seconds),
      0.99,
    ),
    denoisingP50: median(done.map(({ denoisingSeconds }) => denoisingSeconds)),
    perHour: (3600 * pictures) / sum('wallSeconds'),
    cpuSeconds,
    peakRssMb: Math.max(...sessions.map(({ peakRssMb }) => peakRssMb)),
    cost: (cpuSeconds * pricePerCoreHour) / 3600,
  };
}
