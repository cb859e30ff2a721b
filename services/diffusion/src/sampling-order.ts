import { type GenerateImageRequest, Sampler, samplingViolations, TimestepSpacing } from '@atelier/contracts';
import type { Violation } from '@atelier/rpc';
import type { GuidanceInterval } from './guidance.ts';
import type { SamplerName } from './samplers/names.ts';
import { canSample, maxSteps } from './samplers/plan.ts';
import { defaultSampler, type SchedulerConfig } from './scheduler-config.ts';

/** How a request wants its picture sampled, checked. */
export interface SamplingOrder {
  readonly sampler: SamplerName;
  readonly steps: number;
  /** DDIM's noise, 0..1. */
  readonly eta: number;
  readonly guidanceRescale: number;
  readonly guidanceInterval?: GuidanceInterval;
  /** What the request wants otherwise than the model's config has it. */
  readonly schedule: Pick<SchedulerConfig, 'timestep_spacing' | 'use_karras_sigmas'>;
}

/** Most steps a request may ask for, whatever the sampler. */
const MAX_STEPS = 1000;

/** The samplers as the contract names them. */
const ON_WIRE: Readonly<Record<SamplerName, Sampler>> = {
  ddim: Sampler.DDIM,
  ddpm: Sampler.DDPM,
  euler: Sampler.EULER,
  euler_ancestral: Sampler.EULER_ANCESTRAL,
  heun: Sampler.HEUN,
  dpm_solver_pp_2m: Sampler.DPM_SOLVER_PP_2M,
  sde_dpm_solver_pp_2m: Sampler.SDE_DPM_SOLVER_PP_2M,
  lcm: Sampler.LCM,
  pndm: Sampler.PNDM,
  flow_match_euler: Sampler.FLOW_MATCH_EULER,
};
const NAMES = Object.keys(ON_WIRE) as SamplerName[];

const SPACINGS: Readonly<Partial<Record<TimestepSpacing, SchedulerConfig['timestep_spacing']>>> = {
  [TimestepSpacing.LEADING]: 'leading',
  [TimestepSpacing.TRAILING]: 'trailing',
  [TimestepSpacing.LINSPACE]: 'linspace',
};

export function samplerOnWire(name: SamplerName): Sampler {
  return ON_WIRE[name];
}

/** The sampler of a name such as "ddim"; undefined for a name that isn't known. */
export function samplerNamed(name: string): Sampler | undefined {
  const known = NAMES.find((one) => one === name);
  return known && ON_WIRE[known];
}

/**
 * Checks how a request wants to be sampled; every bad field and its limit are added to `violations`.
 * @param strength of the picture it is begun from, where it is.
 */
export function parseSampling(
  request: GenerateImageRequest,
  config: SchedulerConfig & { readonly defaultSteps: number },
  violations: Violation[],
  strength?: number,
): SamplingOrder {
  const check = (holds: boolean, field: string, description: string): void => {
    if (!holds) violations.push({ field, description });
  };
  const standard = defaultSampler(config);
  const named =
    request.sampler === Sampler.UNSPECIFIED
      ? standard
      : NAMES.find((name) => ON_WIRE[name] === request.sampler);
  const possible = NAMES.filter((name) => canSample(name, config));
  check(
    named !== undefined && possible.includes(named),
    'sampler',
    `must be unspecified or one that follows this model: ${possible.map(wireName).join(', ')}`,
  );
  const sampler = named ?? standard;

  // LCM's steps lie within the strength.
  const most = Math.min(MAX_STEPS, maxSteps(sampler, config, strength));
  const steps = request.steps ?? Math.min(config.defaultSteps, most);
  check(steps >= 1 && steps <= most, 'steps', `must be 1 to ${most}, not ${steps}`);
  violations.push(...samplingViolations('', { ...request, sampler: samplerOnWire(sampler) }, steps));

  const { eta = 0, guidanceRescale = 0, guidanceInterval: interval, timestepSpacing, karrasSigmas } = request;
  const spacing = SPACINGS[timestepSpacing];
  const schedule = {
    ...(spacing && { timestep_spacing: spacing }),
    ...(karrasSigmas !== undefined && { use_karras_sigmas: karrasSigmas }),
  };
  if (!interval) return { sampler, steps, eta, guidanceRescale, schedule };
  const { low, high = Number.POSITIVE_INFINITY } = interval;
  return { sampler, steps, eta, guidanceRescale, guidanceInterval: { low, high }, schedule };
}

/** As the contract spells it. */
function wireName(name: SamplerName): string {
  return `SAMPLER_${name.toUpperCase()}`;
}
