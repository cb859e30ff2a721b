import { create, GenerateImageRequestSchema, Sampler, TimestepSpacing } from '@atelier/contracts';
import { openBundle, type Profile } from '@atelier/models';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { Code } from '@atelier/rpc';
import { expect, test } from 'vitest';
import { chooseProfile, readProfiles, withProfile } from './profiles.ts';

const figures = (secondsPerPicture: number): NonNullable<Profile['figures']> => ({
  denoiser: '',
  prompts: 2,
  speedup: 2,
  secondsPerPicture,
  rPrecisionLoss: { value: 0, low: 0, high: 0 },
  clipScoreLoss: { value: 0, low: 0, high: 0 },
  attributeLoss: { value: 0, low: 0, high: 0 },
  frechetRatio: 1,
  fairnessDistance: 0,
});
const turbo: Profile = {
  sampler: 'euler',
  steps: 3,
  guidance: 4,
  guidanceInterval: { low: 1, high: 5 },
  timestepSpacing: 'trailing',
  figures: figures(0.1),
};
const known = { turbo, quality: { ...turbo, steps: 20, figures: figures(1) } };
const request = (fields: object = {}) => create(GenerateImageRequestSchema, fields);

test('a profile holds where the request leaves a field to the model', () => {
  expect(withProfile(request({ profile: 'turbo' }), { known })).toMatchObject({
    profile: 'turbo',
    steps: 3,
    guidanceScale: 4,
    guidanceInterval: { low: 1, high: 5 },
    sampler: Sampler.EULER,
    timestepSpacing: TimestepSpacing.TRAILING,
  });
});

test('what the request states wins, and takes along what belongs to it', () => {
  const asked = request({ profile: 'turbo', steps: 7, guidanceScale: 1, sampler: Sampler.LCM });
  const filled = withProfile(asked, { known });
  expect(filled).toMatchObject({ steps: 7, guidanceScale: 1, sampler: Sampler.LCM });
  expect(filled.guidanceInterval).toBeUndefined();
  expect(filled.timestepSpacing).toBe(TimestepSpacing.UNSPECIFIED);
});

test.each(['draft', 'constructor'])('an unknown profile is refused with the known ones: %s', (profile) => {
  expect(() => withProfile(request({ profile }), { known })).toThrow(
    expect.objectContaining({
      code: Code.INVALID_ARGUMENT,
      violations: [{ field: 'profile', description: expect.stringContaining('(turbo, quality)') }],
    }),
  );
});

test('the operator’s default is for requests that name none and begin from noise', () => {
  const profiles = { known, standard: 'quality' };
  expect(withProfile(request(), profiles)).toMatchObject({ profile: 'quality', steps: 20 });
  expect(withProfile(request({ profile: 'turbo' }), profiles)).toMatchObject({ steps: 3 });
  const begun = request({ initImage: { width: 64, height: 64 } });
  expect(withProfile(begun, profiles)).toBe(begun);
  expect(withProfile(request(), { known }).profile).toBe('');
});

test.each<[number, string]>([
  [10, 'quality'],
  [1, 'quality'],
  [0.5, 'turbo'],
  [0.01, 'turbo'],
])('a target of %d s chooses %s', (target, name) => {
  expect(chooseProfile({ ...known, unmeasured: { sampler: 'ddim', steps: 1, guidance: 1 } }, target)).toBe(
    name,
  );
  expect(chooseProfile({}, target)).toBeUndefined();
});

test('a bundle with a profile that cannot be sampled is refused when it is loaded', async () => {
  const bundle = await openBundle(tinyBundlePath, { roles: ['denoiser'] });
  const manifest = { ...bundle.manifest, profiles: { odd: { ...turbo, sampler: 'wavy' } } };
  expect(() => readProfiles({ ...bundle, manifest, path: 'here' }, undefined)).toThrow(
    /"odd" of here.*"wavy"/,
  );
});
