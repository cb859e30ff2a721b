/** Whether a process keeps what it takes: its memory and its handles over time. */
import { openHandles, rssMb } from '@atelier/local-mesh';

export interface Sample {
  minutes: number;
  rssMb: number;
  handles: number;
}

export const sampleOf = (pid: number, minutes: number): Sample => ({
  minutes,
  rssMb: rssMb(pid),
  handles: openHandles(pid),
});

export interface Growth {
  /** Mean of the samples that count, MiB. */
  rssMb: number;
  /** Slope of the line of least squares through them, MiB a minute. */
  rssMbPerMinute: number;
  /** Handles at the least in the first and in the last quarter of them: what comes and goes with the load is not held. */
  handles: [number, number];
}

/** Growth over the samples after `warmMinutes`: before that, caches fill and code is compiled. Throws RangeError below four. */
export function growthOf(samples: readonly Sample[], warmMinutes: number): Growth {
  const warm = samples.filter(({ minutes }) => minutes >= warmMinutes);
  if (warm.length < 4) throw new RangeError(`${warm.length} samples are too few`);
  const quarter = Math.floor(warm.length / 4);
  const least = (some: readonly Sample[]): number => Math.min(...some.map(({ handles }) => handles));
  const [meanMinutes, meanMb] = [mean(warm.map((s) => s.minutes)), mean(warm.map((s) => s.rssMb))];
  const covariance = mean(warm.map((s) => (s.minutes - meanMinutes) * (s.rssMb - meanMb)));
  const variance = mean(warm.map((s) => (s.minutes - meanMinutes) ** 2));
  return {
    rssMb: Math.round(meanMb),
    rssMbPerMinute: Number((covariance / variance).toFixed(3)),
    handles: [least(warm.slice(0, quarter)), least(warm.slice(-quarter))],
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
