/** What operators see of generations: how they end and how long their stages take. No user content. */
import { type Generation, timestampMs } from '@atelier/contracts';
import { type Counter, type Histogram, metrics, type ObservableResult } from '@opentelemetry/api';
import { stateName } from './state.ts';

/** Seconds. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

interface Instruments {
  stageDuration: Histogram;
  finished: Counter;
  duration: Histogram;
}

let instruments: Instruments | undefined;

/** Made on first use: before telemetry has started the API gives instruments that never record. */
function use(): Instruments {
  if (instruments) return instruments;
  const meter = metrics.getMeter('@atelier/orchestrator');
  instruments = {
    stageDuration: meter.createHistogram('atelier.generation.stage.duration', {
      unit: 's',
      description: 'Duration of the stages of generations, by stage',
      advice: { explicitBucketBoundaries: BOUNDARIES },
    }),
    finished: meter.createCounter('atelier.generation.finished', {
      description: 'Generations that reached a final state, by state',
    }),
    duration: meter.createHistogram('atelier.generation.duration', {
      unit: 's',
      description: 'Time from accepted to finished, by final state',
      advice: { explicitBucketBoundaries: BOUNDARIES },
    }),
  };
  return instruments;
}

/** A stage ended after `durationMs`. */
export function recordStage(stage: string, durationMs: number): void {
  use().stageDuration.record(durationMs / 1_000, { stage });
}

/** A generation reached a final state here, just now. */
export function recordFinished({ state, createTime }: Generation): void {
  const labels = { state: stateName(state) };
  use().finished.add(1, labels);
  if (createTime) use().duration.record(Math.max(0, Date.now() - timestampMs(createTime)) / 1_000, labels);
}

/** Observe how many jobs wait and run, whenever Prometheus asks; every replica sees the one queue. Returns how to stop. */
export function observeJobs(read: () => Promise<{ queued: number; running: number }>): () => void {
  const gauge = metrics.getMeter('@atelier/orchestrator').createObservableGauge('atelier.jobs', {
    unit: '{job}',
    description: 'Jobs on the queue, by whether they wait (queued) or a worker has them (running)',
  });
  const observe = async (result: ObservableResult): Promise<void> => {
    // No NATS, no figure: a gap says so better than an old number.
    const jobs = await read().catch(() => undefined);
    if (!jobs) return;
    result.observe(jobs.queued, { state: 'queued' });
    result.observe(jobs.running, { state: 'running' });
  };
  gauge.addCallback(observe);
  return () => gauge.removeCallback(observe);
}
