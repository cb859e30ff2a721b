/** From a bundle to profiles that passed their gates. */
import { availableParallelism } from 'node:os';
import { Sampler } from '@atelier/contracts';
import { type Bundle, openBundle, type Profile } from '@atelier/models';
import { composeScene, heldOutPrompts, type HeldOutPrompt as Prompt, renderRgb } from '@atelier/scenes';
import { z } from 'zod';
import { candidates, type ProfileName } from './candidates.ts';
import { openStudio } from './draw.ts';
import { type Eyes, openEyes } from './eyes.ts';
import { type Finding, LIMITS, refusals } from './gate.ts';
import { openWatch, strengthFor } from './harm.ts';
import { compare, type Measured, measure, type Way } from './measure.ts';
import { trialBundle } from './trial.ts';

const BASE = 'base';
const BASE_STEPS = 50;

/** One candidate for a profile, and what became of it. */
export interface Tried extends Finding {
  readonly name: ProfileName;
  readonly profile: Profile;
  /** None: it is fit to be served. */
  readonly reasons: readonly string[];
  readonly pictures: readonly Uint8Array[];
}

export interface Outcome {
  readonly prompts: readonly Prompt[];
  readonly base: Measured;
  readonly tried: readonly Tried[];
}

export interface OptimiseOptions {
  /** Profiles to find. */
  readonly names: readonly ProfileName[];
  /** Held-out prompts, ≥ 2. */
  readonly prompts: number;
  /** What is tried, by name; default: the catalogue. */
  readonly proposals?: Readonly<Partial<Record<ProfileName, readonly Profile[]>>>;
  /** Folder of the bundle whose full model everything is held against; default: the same. */
  readonly against?: string;
  /** Threads of the network; default: the machine's cores. */
  readonly threads?: number;
  readonly log: (line: string) => void;
}

/**
 * Measures candidates against 50 guided steps of DDIM in the same run, all through a diffusion service: the first of each name,
 * then the next of those that were refused, until none is left.
 */
export async function optimise(path: string, options: OptimiseOptions): Promise<Outcome> {
  const offered = { ...(await catalogue(path)), ...options.proposals };
  const outcomes: Outcome[] = [];
  const promoted = new Set<ProfileName>();
  for (let round = 0; ; round++) {
    const entries = options.names.flatMap((name) => {
      const profile = promoted.has(name) ? undefined : offered[name]?.[round];
      return profile ? [{ name, profile, key: `${name}-${round}` }] : [];
    });
    if (entries.length === 0) break;
    const outcome = await measureAll(path, entries, options);
    outcomes.push(outcome);
    for (const { name, reasons } of outcome.tried) if (reasons.length === 0) promoted.add(name);
  }
  const [first] = outcomes;
  if (!first) throw new TypeError('nothing to try');
  return { ...first, tried: outcomes.flatMap(({ tried }) => tried) };
}

interface Entry {
  readonly name: ProfileName;
  readonly profile: Profile;
  /** Name in the trial's manifest. */
  readonly key: string;
}

async function measureAll(
  path: string,
  entries: readonly Entry[],
  options: OptimiseOptions,
): Promise<Outcome> {
  const { log, against, threads = availableParallelism() } = options;
  const prompts = heldOutPrompts(options.prompts);
  const trial = await trialBundle(
    path,
    Object.fromEntries(entries.map(({ key, profile }) => [key, profile])),
  );
  const eyes = await openEyes(trial.bundle);
  const watch = await openWatch(trial.bundle);
  const studio = await openStudio(trial.bundle, threads);
  const full = against ? await openStudio(await openBundle(against, { roles: [] }), threads) : studio;
  try {
    const ways = Object.fromEntries<Way>([
      [BASE, { studio: full, sampling: { sampler: Sampler.DDIM, steps: BASE_STEPS } }],
      ...entries.map(({ key }) => [key, { studio, sampling: { profile: key } }] as const),
    ]);
    const strength = strengthFor(entries.map(({ profile }) => profile.steps));
    const measured = await measure({ eyes, watch }, prompts, ways, strength, log);
    const base = measured[BASE] as Measured;
    const truth = {
      renders: await renderFeatures(eyes, prompts),
      denoiser: trial.bundle.identity('denoiser').sha256,
    };
    const tried = entries.map(({ name, profile, key }) => {
      const own = measured[key] as Measured;
      const finding = compare(base, own, truth);
      return { name, profile, ...finding, reasons: refusals(finding, LIMITS[name]), pictures: own.pictures };
    });
    return { prompts, base, tried };
  } finally {
    await studio.close();
    if (full !== studio) await full.close();
    await watch.close();
    await eyes.close();
    await trial.remove();
  }
}

/** The first candidate for a name that passed, with its figures. */
export function winner({ tried }: Outcome, name: ProfileName): Profile | undefined {
  const fit = tried.find((one) => one.name === name && one.reasons.length === 0);
  return fit && { ...fit.profile, figures: fit.figures };
}

async function catalogue(path: string): Promise<Record<ProfileName, readonly Profile[]>> {
  const { bundle, remove } = await trialBundle(path, {});
  const { defaultGuidance } = guidanceOf(bundle);
  await remove();
  return candidates(defaultGuidance);
}

const guidanceOf = (bundle: Bundle) => bundle.config('denoiser', z.object({ defaultGuidance: z.number() }));

async function renderFeatures(eyes: Eyes, prompts: readonly Prompt[]): Promise<Float32Array[]> {
  const renders: Uint8Array[] = [];
  for (const { seed } of prompts) renders.push(await renderRgb(composeScene(seed), 64));
  return (await eyes.look(prompts, renders)).map(({ features }) => features);
}
