import { type GenerateImageRequest, Sampler, TimestepSpacing } from '@atelier/contracts';
import { type Bundle, BundleError, type Profile } from '@atelier/models';
import { invalidArgument } from '@atelier/rpc';
import { samplerNamed } from './sampling-order.ts';

/** The bundle's tested ways to sample. */
export interface Profiles {
  readonly known: Readonly<Record<string, Profile>>;
  /** The one for requests that name none; undefined: the model's own defaults. */
  readonly standard?: string | undefined;
}

export const noProfiles: Profiles = { known: {} };

/**
 * The profiles of a bundle.
 * @param targetSeconds what a base picture may take; by it the default is chosen. Undefined: no default.
 * @throws BundleError CONFIG_INVALID for one with a sampler that isn't known.
 */
export function readProfiles({ manifest, path }: Bundle, targetSeconds: number | undefined): Profiles {
  for (const [name, { sampler }] of Object.entries(manifest.profiles)) {
    if (samplerNamed(sampler) !== undefined) continue;
    throw new BundleError(
      'CONFIG_INVALID',
      `Profile "${name}" of ${path} has an unknown sampler "${sampler}"`,
    );
  }
  const known = manifest.profiles;
  return { known, standard: targetSeconds === undefined ? undefined : chooseProfile(known, targetSeconds) };
}

/**
 * The slowest profile that keeps the target by its measured time, because slower ones lose less; the fastest where none
 * does. By what the manifest says and not by the clock, so that all replicas choose the same.
 */
export function chooseProfile(
  known: Readonly<Record<string, Profile>>,
  targetSeconds: number,
): string | undefined {
  const measured = Object.entries(known)
    .flatMap(([name, { figures }]) => (figures ? [{ name, seconds: figures.secondsPerPicture }] : []))
    .sort((a, b) => a.seconds - b.seconds);
  return (measured.findLast(({ seconds }) => seconds <= targetSeconds) ?? measured[0])?.name;
}

/**
 * The request with a profile's settings where it leaves them to the model. One begun from another picture gets a
 * profile only when it names it: a strength would leave few steps of few.
 * @throws RpcError INVALID_ARGUMENT telling the known names.
 */
export function withProfile(
  request: GenerateImageRequest,
  { known, standard }: Profiles,
): GenerateImageRequest {
  const name = request.profile || (request.initImage ? '' : (standard ?? ''));
  if (name === '') return request;
  const profile = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!profile) {
    const names = Object.keys(known).join(', ') || 'none';
    throw invalidArgument([
      { field: 'profile', description: `must be one of the model's (${names}), not "${name}"` },
    ]);
  }
  const filled = { ...request, profile: name };
  filled.steps ??= profile.steps;
  if (filled.guidanceScale === undefined) {
    filled.guidanceScale = profile.guidance;
    const { guidanceInterval: interval } = profile;
    if (interval && !filled.guidanceInterval)
      filled.guidanceInterval = { $typeName: 'atelier.diffusion.v1.GuidanceInterval', ...interval };
  }
  if (filled.sampler !== Sampler.UNSPECIFIED) return filled;
  // How timesteps are spaced belongs to the sampler.
  filled.sampler = samplerNamed(profile.sampler) ?? Sampler.UNSPECIFIED;
  if (filled.timestepSpacing === TimestepSpacing.UNSPECIFIED && profile.timestepSpacing)
    filled.timestepSpacing = TimestepSpacing[spelt(profile.timestepSpacing)];
  return filled;
}

type Spacing = NonNullable<Profile['timestepSpacing']>;
const spelt = (spacing: Spacing) => spacing.toUpperCase() as Uppercase<Spacing>;
