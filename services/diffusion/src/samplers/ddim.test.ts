import { readFileSync } from 'node:fs';
import { SeededNoise } from '@atelier/inference';
import { expect, test } from 'vitest';
import { alphasCumulative } from '../schedule.ts';
import { SchedulerConfigSchema } from '../scheduler-config.ts';
import { spacedTimesteps } from '../timesteps.ts';
import { ddim } from './ddim.ts';

interface Golden {
  config: Record<string, unknown>;
  steps: number;
  eta: number;
  timesteps: number[];
  alphas: number[];
  final: number[];
  predicted: number[];
}
const goldens = JSON.parse(
  readFileSync(new URL('../../fixtures/scheduler-goldens.json', import.meta.url), 'utf8'),
) as Golden[];

/** The network of the goldens: any fixed function of sample and timestep will do. */
function network(sample: Float32Array, timestep: number): Float32Array {
  return sample.map((x) => 0.7 * x + 0.3 * Math.sin(5 * x + timestep / 100));
}

function expectClose(ours: ArrayLike<number>, theirs: number[], tolerance: number): void {
  expect(ours.length).toBe(theirs.length);
  for (const [i, value] of theirs.entries()) {
    expect(Math.abs((ours[i] ?? Number.NaN) - value), `element ${i}`).toBeLessThan(tolerance);
  }
}

test.each(goldens)('follows diffusers: $config, $steps steps, eta $eta', (golden) => {
  const config = SchedulerConfigSchema.parse(golden.config);
  expect(spacedTimesteps(config, golden.steps)).toEqual(golden.timesteps);
  const alphas = alphasCumulative(config);
  expectClose(
    [0, 1, 250, 500, 750, 998, 999].map((t) => alphas[t] ?? Number.NaN),
    golden.alphas,
    2e-6,
  );

  const plan = ddim(config, golden.steps, golden.eta);
  const noise = new SeededNoise(11);
  const sample = noise.normal(24).map((value) => value * plan.initialSigma);
  const predicted = new Float32Array(24);
  for (const [index, timestep] of plan.timesteps.entries()) {
    plan.step(index, sample, network(sample, timestep), predicted, (count) => noise.normal(count));
  }
  expectClose(sample, golden.final, 2e-4);
  expectClose(predicted, golden.predicted, 2e-4);
});

test('steps outside the training range are refused', () => {
  const config = SchedulerConfigSchema.parse({});
  for (const steps of [0, 1001, 1.5, Number.NaN])
    expect(() => ddim(config, steps)).toThrow(/1 to 1000 steps/);
});
