import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defaultSampler, type SchedulerConfig, SchedulerConfigSchema } from '../scheduler-config.ts';
import { SAMPLER_OF_CLASS, type SamplerName } from './names.ts';
import { canSample, maxSteps, planSampling } from './plan.ts';

const SAMPLERS = [...new Set<SamplerName>([...Object.values(SAMPLER_OF_CLASS), 'sde_dpm_solver_pp_2m'])];
const STABLE = { beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 };

function configOf(raw: Record<string, unknown> = {}): SchedulerConfig {
  return SchedulerConfigSchema.parse(raw);
}

describe.each(SAMPLERS)('%s', (sampler) => {
  const config = configOf(sampler === 'flow_match_euler' ? {} : { ...STABLE, skip_prk_steps: true });

  test('goes from noise to no noise', () => {
    const { timesteps, levels } = planSampling(sampler, config, 7);
    expect(levels).toHaveLength(timesteps.length + 1);
    const ratios = levels.map(({ signal, noise }) => noise / signal);
    for (const [i, ratio] of ratios.entries()) if (i > 0) expect(ratio).toBeLessThanOrEqual(ratios[i - 1]!);
    expect(ratios.at(-1)).toBeLessThan(0.05);
  });

  test('takes any number of steps up to its limit, and no other', () => {
    const most = maxSteps(sampler, config);
    for (const steps of [1, 2, most]) {
      const { timesteps } = planSampling(sampler, config, steps);
      expect(timesteps.length).toBeGreaterThanOrEqual(steps);
      expect(timesteps.every((timestep) => timestep >= 0 && timestep <= 1000)).toBe(true);
    }
    for (const steps of [0, 1001, 1.5, Number.NaN])
      expect(() => planSampling(sampler, config, steps)).toThrow(RangeError);
  });

  test('leaves the output as it is and keeps nothing of another plan', () => {
    const draw = () => {
      const plan = planSampling(sampler, config, 3);
      const sample = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i) * plan.initialSigma);
      for (const index of plan.timesteps.keys()) {
        const output = sample.map((x) => Math.cos(x));
        const before = output.slice();
        plan.step(index, sample, output, new Float32Array(16), (count) => new Float32Array(count).fill(0.1));
        expect(output).toEqual(before);
      }
      return sample;
    };
    expect(draw()).toEqual(draw());
  });
});

test.each([
  [{ _class_name: 'EulerDiscreteScheduler' }, 'euler'],
  [{ _class_name: 'DPMSolverMultistepScheduler' }, 'dpm_solver_pp_2m'],
  [{ _class_name: 'DPMSolverMultistepScheduler', algorithm_type: 'sde-dpmsolver++' }, 'sde_dpm_solver_pp_2m'],
  [{}, 'ddim'],
])('%j is sampled by %s', (raw, sampler) => {
  expect(defaultSampler(configOf(raw))).toBe(sampler);
});

test('another sampler keeps what the config states and has its own defaults for the rest', () => {
  const stated = configOf({ ...STABLE, timestep_spacing: 'trailing' });
  expect(planSampling('euler', stated, 4).timesteps).toEqual([999, 749, 499, 249]);
  expect(planSampling('euler', configOf(STABLE), 4).timesteps).toEqual([999, 666, 333, 0]);
  expect(planSampling('ddim', configOf(STABLE), 4).timesteps).toEqual([750, 500, 250, 0]);
});

test.each([
  [{ _class_name: 'UniPCMultistepScheduler' }, /unknown scheduler "UniPCMultistepScheduler"/],
  [{ use_beta_sigmas: true }, /use_beta_sigmas/],
  [{ solver_order: 3 }, /solver_order/],
  [{ _class_name: 'PNDMScheduler', skip_prk_steps: false }, /skip_prk_steps/],
])('refuses %j by name', (raw, message) => {
  const { error } = SchedulerConfigSchema.safeParse(raw);
  expect(error && z.prettifyError(error)).toMatch(message);
});

test('flows and the others have samplers of their own', () => {
  const flow = configOf({ _class_name: 'FlowMatchEulerDiscreteScheduler' });
  expect([canSample('flow_match_euler', flow), canSample('euler', flow)]).toEqual([true, false]);
  expect([canSample('flow_match_euler', configOf()), canSample('euler', configOf())]).toEqual([false, true]);
});
