/** Tallies → the metrics of the contract. Pure: the same tallies give the same bits. */
import type { GetMetricsResponseSchema, MessageInitShape, MetricsSchema } from '@atelier/contracts';
import { hourlyRate, type Interval, mean, wilson } from './intervals.ts';
import { type Counted, EVER, type Span, type Tallies } from './tallies.ts';

type Metrics = MessageInitShape<typeof MetricsSchema>;

const MICROS = 1_000_000;
/** Billionths of the currency in a millionth. */
const NANOS_A_MICRO = 1_000;

/** All metrics of a span. */
export function metricsOf(counted: Counted, span: Span): MessageInitShape<typeof GetMetricsResponseSchema> {
  const seconds = secondsOf(counted, span);
  return {
    overall: metricsOfOne(counted.overall, seconds),
    byModel: counted.byModel.map((tallies) => metricsOfOne(tallies, seconds)),
    events: counted.events,
  };
}

/** Length of the span, or, where it is open, of the time in which generations of any model ended. */
function secondsOf({ overall }: Counted, { fromUs, toUs }: Span): number {
  const { firstUs = 0n, lastUs = 0n } = overall.generations ?? {};
  const begin = fromUs === EVER.fromUs ? firstUs : fromUs;
  const end = toUs === EVER.toUs ? lastUs : toUs;
  return Number(end - begin) / MICROS;
}

function metricsOfOne(tallies: Tallies, seconds: number): Metrics {
  return {
    ...(tallies.model && { modelVersion: tallies.model }),
    ...exposureMetrics(tallies),
    ...generationMetrics(tallies, seconds),
    stages: tallies.stages.map(({ stage, durations }) => ({
      stage,
      ...present({ seconds: mean(durations, MICROS) }),
      totalSeconds: Number(durations.sum) / MICROS,
    })),
    costs: tallies.costs.map(({ month, users, totalNanos, unattributedNanos }) => ({
      month,
      ...present({ perUserMicros: mean(users, NANOS_A_MICRO) }),
      totalMicros: Number(totalNanos) / NANOS_A_MICRO,
      unattributedMicros: Number(unattributedNanos) / NANOS_A_MICRO,
    })),
  };
}

function exposureMetrics({ exposures }: Tallies) {
  if (!exposures) return {};
  const { impressions } = exposures;
  return {
    impressions,
    clicksWithoutImpression: exposures.clicksWithoutImpression,
    conversionValueMicros: exposures.valueMicros,
    ...present({
      clickThroughRate: wilson(exposures.clicked, impressions),
      conversionRate: wilson(exposures.converted, impressions),
      downloadRate: wilson(exposures.downloaded, impressions),
      reportRate: wilson(exposures.reported, impressions),
      feedbackScore: wilson(exposures.ratedUp, exposures.rated),
      timeSpentSeconds: mean(exposures.viewed, MICROS),
    }),
  };
}

function generationMetrics({ generations }: Tallies, seconds: number) {
  if (!generations) return {};
  const { succeeded, failed, blocked, cancelled, images, latency } = generations;
  return {
    generations: { succeeded, failed, blocked, cancelled, images },
    ...(latency.count > 0n && {
      latency: {
        ...present({ meanSeconds: mean(latency, MICROS) }),
        p50Seconds: Number(generations.p50Us) / MICROS,
        p95Seconds: Number(generations.p95Us) / MICROS,
        p99Seconds: Number(generations.p99Us) / MICROS,
      },
    }),
    ...present({ throughputPerHour: hourlyRate(succeeded, seconds) }),
  };
}

/** Without the fields that have no observations. */
function present<K extends string>(fields: Record<K, Interval | undefined>): Partial<Record<K, Interval>> {
  const entries = Object.entries(fields).filter(([, interval]) => interval !== undefined);
  return Object.fromEntries(entries) as Partial<Record<K, Interval>>;
}
