/** What operators see of generations: how they end and how long their stages take. No user content. */
import type { GenerationState } from '@atelier/contracts';
import { type Counter, type Histogram, metrics } from '@opentelemetry/api';
import { stateName } from './state.ts';

/** Seconds. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

interface Instruments {
  stageDuration: Histogram;
  finished: Counter;
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
  };
  return instruments;
}

/** A stage ended after `durationMs`. */
export function recordStage(stage: string, durationMs: number): void {
  use().stageDuration.record(durationMs / 1_000, { stage });
}

/** A generation reached a final state here. */
export function recordFinished(state: GenerationState): void {
  use().finished.add(1, { state: stateName(state) });
}
