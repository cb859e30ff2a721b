/** The metrics as OpenTelemetry gauges, which the process's Prometheus endpoint shows. */
import type { Estimate, GetMetricsResponse, Metrics } from '@atelier/contracts';
import { type BatchObservableResult, metrics, type ObservableGauge } from '@opentelemetry/api';

/** Name and meaning of the gauges that have an interval, and where their figure is. */
const ESTIMATES: Record<
  string,
  [unit: string, description: string, of: (metrics: Metrics) => Estimate | undefined]
> = {
  click_through_rate: ['1', 'Share of impressions that were clicked', (m) => m.clickThroughRate],
  conversion_rate: ['1', 'Share of impressions that converted', (m) => m.conversionRate],
  download_rate: ['1', 'Share of impressions that were downloaded', (m) => m.downloadRate],
  report_rate: ['1', 'Share of impressions that were reported', (m) => m.reportRate],
  feedback_score: ['1', 'Share of latest ratings that are up', (m) => m.feedbackScore],
  time_spent: ['s', 'Mean time that a viewed picture was viewed for', (m) => m.timeSpentSeconds],
  latency_mean: ['s', 'Mean time from accepted to finished', (m) => m.latency?.meanSeconds],
  throughput: ['{generation}/h', 'Generations that succeeded an hour', (m) => m.throughputPerHour],
};

const BOUNDS = ['value', 'low', 'high'] as const;

/**
 * Observe what `read` gives, whenever Prometheus asks; call after telemetry has started. Labels: model, version, sha256 (its first
 * 12 digits); `bound` tells a figure (value) from the ends of its 95 % interval (low, high). Returns how to stop.
 */
export function observeMetrics(
  read: () => Promise<GetMetricsResponse>,
  onError: (error: unknown) => void,
): () => void {
  const meter = metrics.getMeter('@atelier/insights');
  const gauge = (name: string, unit: string, description: string): ObservableGauge =>
    meter.createObservableGauge(`atelier.insights.${name}`, { unit, description });
  const estimates = Object.entries(ESTIMATES).map(([name, [unit, description, of]]) => ({
    gauge: gauge(name, unit, description),
    of,
  }));
  const impressions = gauge('impressions', '{impression}', 'Pictures shown, each once a user');
  const generations = gauge('generations', '{generation}', 'Generations that ended, by state');
  const latency = gauge('latency', 's', 'Quantiles of the time from accepted to finished');
  const stage = gauge('stage_time', 's', 'Mean time of a stage a generation, by stage');
  const cost = gauge('user_month_cost', '{micro}', 'Average cost of a user in the latest month, millionths');

  const observe = (result: BatchObservableResult, one: Metrics): void => {
    const { name = '', version = '', sha256 = '' } = one.modelVersion ?? {};
    const labels = { model: name, version, sha256: sha256.slice(0, 12) };
    const observeEstimate = (gauge: ObservableGauge, estimate: Estimate | undefined, more = {}): void => {
      if (!estimate) return;
      for (const bound of BOUNDS) result.observe(gauge, estimate[bound], { ...labels, ...more, bound });
    };
    for (const { gauge, of } of estimates) observeEstimate(gauge, of(one));
    result.observe(impressions, Number(one.impressions), labels);
    for (const state of ['succeeded', 'failed', 'blocked', 'cancelled'] as const)
      result.observe(generations, Number(one.generations?.[state] ?? 0n), { ...labels, state });
    if (one.latency) {
      result.observe(latency, one.latency.p50Seconds, { ...labels, quantile: '0.5' });
      result.observe(latency, one.latency.p95Seconds, { ...labels, quantile: '0.95' });
      result.observe(latency, one.latency.p99Seconds, { ...labels, quantile: '0.99' });
    }
    for (const { stage: name, seconds } of one.stages) observeEstimate(stage, seconds, { stage: name });
    const month = one.costs.at(-1);
    if (month) observeEstimate(cost, month.perUserMicros, { month: month.month });
  };
  const all = [...estimates.map(({ gauge }) => gauge), impressions, generations, latency, stage, cost];
  const callback = async (result: BatchObservableResult): Promise<void> => {
    try {
      for (const one of (await read()).byModel) observe(result, one);
    } catch (error) {
      onError(error);
    }
  };
  meter.addBatchObservableCallback(callback, all);
  return () => meter.removeBatchObservableCallback(callback, all);
}
