import { describe, expect, it } from 'vitest';
import { Sampler, TimestepSpacing } from './gen/atelier/diffusion/v1/diffusion_pb.ts';
import { type SamplingOptions, samplingViolations, stepsOfStrength } from './sampling-options.ts';

const options = (given: Partial<SamplingOptions>): SamplingOptions => ({
  sampler: Sampler.UNSPECIFIED,
  timestepSpacing: TimestepSpacing.UNSPECIFIED,
  ...given,
});

describe('samplingViolations', () => {
  it.each<Partial<SamplingOptions>>([
    {},
    { sampler: Sampler.HEUN, karrasSigmas: true, timestepSpacing: TimestepSpacing.TRAILING },
    { eta: 1, guidanceRescale: 1, strength: 1 },
    { sampler: Sampler.DDIM, eta: 0.5 },
    { sampler: Sampler.LCM, karrasSigmas: false },
  ])('lets %j pass', (given) => {
    expect(samplingViolations('', options(given), 10)).toEqual([]);
  });

  it.each<[string, Partial<SamplingOptions>]>([
    ['sampler', { sampler: 99 as Sampler }],
    ['timestep_spacing', { timestepSpacing: 9 as TimestepSpacing }],
    ['timestep_spacing', { sampler: Sampler.LCM, timestepSpacing: TimestepSpacing.LEADING }],
    ['karras_sigmas', { sampler: Sampler.DDIM, karrasSigmas: true }],
    ['eta', { eta: 1.1 }],
    ['eta', { eta: Number.NaN }],
    ['eta', { sampler: Sampler.EULER, eta: 0.1 }],
    ['guidance_rescale', { guidanceRescale: -0.1 }],
    ['strength', { strength: 0 }],
    ['strength', { strength: 1.01 }],
    ['strength', { strength: Number.NaN }],
    ['strength', { strength: 0.09 }],
  ])('refuses %s of %j by name', (field, given) => {
    expect(samplingViolations('options.', options(given), 10)).toEqual([
      { field: `options.${field}`, description: expect.any(String) },
    ]);
  });
});

describe('stepsOfStrength', () => {
  it.each([
    [3, 1 / 3, 1],
    [10, 0.7, 7],
    [50, 0.8, 40],
    [25, 0.75, 18],
    [4, 1, 4],
    [3, 0.3, 0],
  ])('of %i steps and strength %d is %i', (steps, strength, expected) => {
    expect(stepsOfStrength(steps, Math.fround(strength))).toBe(expected);
  });
});
