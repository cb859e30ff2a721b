/** What the options of sampling may be, in one place: who takes them in and who draws refuse the same in the same words. */
import {
  type GenerateImageRequest,
  Sampler,
  TimestepSpacing,
} from './gen/atelier/diffusion/v1/diffusion_pb.ts';
import type { FieldViolation } from './prompt-text.ts';

/** The options of a request; also those of a `GenerationOptions`. */
export type SamplingOptions = Pick<GenerateImageRequest, 'sampler' | 'timestepSpacing'> &
  Partial<
    Pick<
      GenerateImageRequest,
      'karrasSigmas' | 'eta' | 'guidanceRescale' | 'guidanceInterval' | 'strength' | 'profile'
    >
  >;

/** Samplers that visit timesteps of their own. */
const OWN_TIMESTEPS: readonly Sampler[] = [Sampler.LCM, Sampler.FLOW_MATCH_EULER];
/** Samplers that work on noise levels. */
const ON_SIGMAS: readonly Sampler[] = [
  Sampler.UNSPECIFIED,
  Sampler.EULER,
  Sampler.HEUN,
  Sampler.DPM_SOLVER_PP_2M,
  Sampler.SDE_DPM_SOLVER_PP_2M,
  Sampler.FLOW_MATCH_EULER,
];

/**
 * How many of a schedule's steps a picture that is begun from another takes: the last ones, as diffusers counts them.
 * @param strength a float32, read as the decimal it was written as: 0.7 of 10 steps is 7, not 6.99….
 */
export function stepsOfStrength(steps: number, strength: number): number {
  return Math.min(steps, Math.floor(steps * decimalOf(strength)));
}

/** The shortest decimal of at least six digits that is this float32; a number that is none stays as it is. */
function decimalOf(value: number): number {
  const decimals = [6, 7, 8, 9].map((digits) => Number(value.toPrecision(digits)));
  return decimals.find((decimal) => Math.fround(decimal) === Math.fround(value)) ?? value;
}

/**
 * What is wrong with the options; empty when nothing is. What no model's default can mend is refused here, whether a
 * model can do it is its service's to know.
 * @param prefix what the fields' names begin with, "" or "options.". @param steps where they are known.
 */
export function samplingViolations(
  prefix: string,
  options: SamplingOptions,
  steps?: number,
): FieldViolation[] {
  const { sampler, timestepSpacing, karrasSigmas = false, strength } = options;
  const { eta = 0, guidanceRescale = 0, guidanceInterval: interval, profile = '' } = options;
  const violations: FieldViolation[] = [];
  const check = (holds: boolean, field: string, description: string): void => {
    if (!holds) violations.push({ field: prefix + field, description });
  };
  const share = (value: number): boolean => value >= 0 && value <= 1;
  check(Object.values<Sampler>(Sampler).includes(sampler), 'sampler', 'must be one of the contract');
  check(
    Object.values<TimestepSpacing>(TimestepSpacing).includes(timestepSpacing),
    'timestep_spacing',
    'must be one of the contract',
  );
  check(
    timestepSpacing === TimestepSpacing.UNSPECIFIED || !OWN_TIMESTEPS.includes(sampler),
    'timestep_spacing',
    'is not for SAMPLER_LCM and SAMPLER_FLOW_MATCH_EULER',
  );
  check(
    !karrasSigmas || ON_SIGMAS.includes(sampler),
    'karras_sigmas',
    'is for the samplers EULER, HEUN, DPM_SOLVER_PP_2M, SDE_DPM_SOLVER_PP_2M and FLOW_MATCH_EULER',
  );
  check(/^[a-z0-9-]{0,64}$/.test(profile), 'profile', 'must be at most 64 characters of [a-z0-9-]');
  check(share(eta), 'eta', `must be a number from 0 to 1, not ${eta}`);
  check(
    eta === 0 || sampler === Sampler.UNSPECIFIED || sampler === Sampler.DDIM,
    'eta',
    'is for SAMPLER_DDIM alone',
  );
  check(share(guidanceRescale), 'guidance_rescale', `must be a number from 0 to 1, not ${guidanceRescale}`);
  if (interval) {
    const { low, high = Number.POSITIVE_INFINITY } = interval;
    check(low >= 0 && Number.isFinite(low), 'guidance_interval.low', `must be 0 or more, not ${low}`);
    check(high > low, 'guidance_interval.high', `must be above low (${low}), not ${high}`);
  }
  if (strength !== undefined) {
    const possible = strength > 0 && strength <= 1;
    check(possible, 'strength', `must be above 0 and at most 1, not ${strength}`);
    check(
      !possible || steps === undefined || stepsOfStrength(steps, strength) >= 1,
      'strength',
      `must leave at least one of ${steps} steps: ${strength} of them is less`,
    );
  }
  return violations;
}
