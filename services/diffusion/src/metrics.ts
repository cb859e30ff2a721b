/** What operators see of the sampler: how full batches are, how long a run takes, how much is in hand. No user content. */
import { type Counter, type Histogram, metrics } from '@opentelemetry/api';

/** Seconds. */
const RUN_BOUNDARIES = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const BATCH_BOUNDARIES = [1, 2, 4, 8, 16, 32, 64];

interface Instruments {
  run: Histogram;
  pictures: Histogram;
  steps: Counter;
  refused: Counter;
}

let instruments: Instruments | undefined;

/** Made on first use: before telemetry has started the API gives instruments that never record. */
function use(): Instruments {
  if (instruments) return instruments;
  const meter = metrics.getMeter('@atelier/diffusion');
  instruments = {
    run: meter.createHistogram('atelier.diffusion.step.duration', {
      unit: 's',
      description: 'Time of one run of the denoiser, whatever its batch',
      advice: { explicitBucketBoundaries: RUN_BOUNDARIES },
    }),
    pictures: meter.createHistogram('atelier.diffusion.batch.pictures', {
      unit: '{picture}',
      description: 'Pictures whose steps shared a run',
      advice: { explicitBucketBoundaries: BATCH_BOUNDARIES },
    }),
    steps: meter.createCounter('atelier.diffusion.steps', {
      unit: '{step}',
      description: 'Denoising steps of pictures',
    }),
    refused: meter.createCounter('atelier.diffusion.refused', {
      unit: '{picture}',
      description: 'Pictures not admitted, by reason',
    }),
  };
  return instruments;
}

/** One run for `pictures` pictures took `durationMs`. */
export function recordRun(pictures: number, durationMs: number): void {
  use().run.record(durationMs / 1_000);
  use().pictures.record(pictures);
  use().steps.add(pictures);
}

/** A picture was not admitted. */
export function recordRefusal(reason: string): void {
  use().refused.add(1, { reason });
}

/** Observe the pictures in hand whenever Prometheus asks. */
export function observeDrawings(inHand: () => number): void {
  metrics
    .getMeter('@atelier/diffusion')
    .createObservableGauge('atelier.diffusion.drawings', {
      unit: '{picture}',
      description: 'Pictures in hand',
    })
    .addCallback((result) => result.observe(inHand()));
}
