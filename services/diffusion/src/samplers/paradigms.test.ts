import { SeededNoise } from '@atelier/inference';
import { describe, expect, test } from 'vitest';
import { type SchedulerConfig, SchedulerConfigSchema } from '../scheduler-config.ts';
import { ddim } from './ddim.ts';
import { Paradigms, type ParadigmsOptions } from './paradigms.ts';

const SIZE = 48;
const config = SchedulerConfigSchema.parse({
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  beta_end: 0.012,
  clip_sample: false,
});
const starter = SchedulerConfigSchema.parse({
  beta_schedule: 'squaredcos_cap_v2',
  prediction_type: 'sample',
  timestep_spacing: 'trailing',
});
const start = new SeededNoise(5).normal(SIZE);

/** Neighbours matter to it, as to a network. */
function network({ prediction_type }: SchedulerConfig, sample: Float32Array, timestep: number): Float32Array {
  const t = timestep / 1000;
  return sample.map((x, i) => {
    const other = sample[(i + 7) % SIZE] as number;
    return prediction_type === 'sample'
      ? Math.tanh(0.9 * x + 0.3 * other) * (1 - 0.4 * t)
      : (0.3 + 0.65 * t) * x + 0.1 * Math.sin(3 * other);
  });
}

function sequential(config: SchedulerConfig, steps: number): Float32Array {
  const plan = ddim(config, steps);
  const sample = start.slice();
  for (const [index, timestep] of plan.timesteps.entries()) {
    plan.step(index, sample, network(config, sample, timestep), new Float32Array(SIZE), () => sample);
  }
  return sample;
}

function parallel(config: SchedulerConfig, steps: number, options: ParadigmsOptions) {
  const sampling = new Paradigms(config, steps, start, options);
  let rounds = 0;
  let inputs = 0;
  while (!sampling.done) {
    const { samples, timesteps, finished } = sampling;
    expect(samples.length).toBeLessThanOrEqual(options.window);
    sampling.advance(samples.map((sample, i) => network(config, sample, timesteps[i] as number)));
    expect(sampling.finished).toBeGreaterThan(finished);
    rounds++;
    inputs += samples.length;
  }
  return { result: sampling.result, rounds, inputs };
}

const worst = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))));

describe.each([
  ['epsilon', config],
  ['x0', starter],
])('for a network that predicts %s', (_, config) => {
  test.each([1, 2, 7, 50])('without tolerance, %i steps end where one after the other does', (steps) => {
    for (const window of [1, 4, 64]) {
      const { result, rounds } = parallel(config, steps, { window, tolerance: 0 });
      expect(worst(result, sequential(config, steps))).toBeLessThan(1e-5);
      expect(rounds).toBeLessThanOrEqual(steps);
    }
  });

  test('within its tolerance it needs far fewer rounds', () => {
    const { result, rounds, inputs } = parallel(config, 100, { window: 32, tolerance: 0.1 });
    expect(rounds).toBeLessThan(50);
    expect(inputs).toBeGreaterThan(100);
    expect(worst(result, sequential(config, 100))).toBeLessThan(0.02);
  });

  test('the tighter the tolerance, the nearer', () => {
    const exact = sequential(config, 100);
    const far = [1, 0.1, 0.01].map((tolerance) =>
      worst(parallel(config, 100, { window: 32, tolerance }).result, exact),
    );
    expect(far[2]).toBeLessThan((far[0] as number) / 10);
  });
});

test('leaves the noise it starts from as it is, and refuses a window of nothing', () => {
  const before = start.slice();
  parallel(config, 9, { window: 4 });
  expect(start).toEqual(before);
  for (const window of [0, 1.5, Number.NaN]) {
    expect(() => new Paradigms(config, 9, start, { window })).toThrow(RangeError);
  }
  expect(() => new Paradigms(config, 9, start, { window: 4 }).result).toThrow(/not at its end/);
});
