import { readFileSync } from 'node:fs';
import { SeededNoise } from '@atelier/inference';
import { expect, test } from 'vitest';
import { defaultSampler, SchedulerConfigSchema } from '../scheduler-config.ts';
import { planSampling } from './plan.ts';

interface Golden {
  readonly config: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly eta?: number;
  readonly prediction: string;
  readonly timesteps: readonly number[];
  readonly final: readonly number[];
}
/** Made by test/golden/make_scheduler_goldens.py. */
const goldens = JSON.parse(
  readFileSync(new URL('../../goldens/schedulers.json', import.meta.url), 'utf8'),
) as Golden[];

const titleOf = ({ config, steps, eta }: Golden): string =>
  `${JSON.stringify(config)}, ${steps} steps${eta ? `, eta ${eta}` : ''}`;

/** The network of the goldens. */
function network(sample: Float32Array, timestep: number, prediction: string): Float32Array {
  return prediction === 'epsilon'
    ? sample.map((x) => (0.2 + (0.75 * timestep) / 1000) * x + 0.1 * Math.sin(5 * x))
    : sample.map((x) => 0.5 * Math.sin(3 * x + timestep / 300));
}

function draw({ config: raw, steps, eta, prediction }: Golden) {
  const config = SchedulerConfigSchema.parse(raw);
  const plan = planSampling(defaultSampler(config), config, steps, { eta });
  const noise = new SeededNoise(11);
  const sample = noise.normal(24).map((value) => value * plan.initialSigma);
  const predicted = new Float32Array(24);
  for (const [index, timestep] of plan.timesteps.entries()) {
    const scaled = sample.map((value) => value * plan.inputScale(index));
    plan.step(index, sample, network(scaled, timestep, prediction), predicted, (count) =>
      noise.normal(count),
    );
  }
  return { plan, sample };
}

test.each(goldens.map((golden) => [titleOf(golden), golden] as const))(
  'follows diffusers: %s',
  (_title, golden) => {
    const { plan, sample } = draw(golden);
    expect(plan.levels).toHaveLength(plan.timesteps.length + 1);
    expect(plan.timesteps).toHaveLength(golden.timesteps.length);
    for (const [i, timestep] of golden.timesteps.entries())
      expect(plan.timesteps[i]).toBeCloseTo(timestep, 2);
    const differences = golden.final.map((value, i) => Math.abs((sample[i] ?? Number.NaN) - value));
    // Large σ lose digits at the start: float32 itself can tell no better than half a unit in their last place.
    expect(Math.max(...differences)).toBeLessThan(Math.max(1e-4, plan.initialSigma * 2 ** -24));
  },
);
