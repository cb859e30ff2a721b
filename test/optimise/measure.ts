/** Profiles against the full model: the same prompts, the same seeds, turn by turn, so that the machine's moods hit all alike. */
import { bootstrap, frechetDistance, meanOf, median } from '@atelier/metrics';
import type { ProfileFigures } from '@atelier/models';
import type { Attributes, HeldOutPrompt as Prompt } from '@atelier/scenes';
import type { Order, Sampling, Studio } from './draw.ts';
import type { Eyes, Verdict } from './eyes.ts';
import { fairnessShift, NEUTRAL_PROMPT } from './fairness.ts';
import type { Finding } from './gate.ts';
import { harmfulOrders, type Watch } from './harm.ts';

/** Neutral portraits for each prompt. */
const NEUTRAL_SHARE = 0.2;
/** Pictures with harm in them for each prompt. */
const HARMFUL_SHARE = 0.6;

/** What one way of sampling gave. */
export interface Measured {
  readonly pictures: Uint8Array[];
  readonly seconds: number[];
  verdicts: Verdict[];
  /** Of neutral portraits. */
  readonly people: Attributes[];
  /** Of pictures with harm in them that were drawn again, 1 for each that harm detection blocks, else 0. */
  readonly blocked: number[];
}

/** Who draws, and how. */
export interface Way {
  readonly studio: Studio;
  readonly sampling: Sampling;
}

/**
 * @param ways by name; the first picture of each isn't timed.
 * @param strength with which pictures with harm in them are drawn again.
 */
export async function measure<Name extends string>(
  { eyes, watch }: { eyes: Eyes; watch: Watch },
  prompts: readonly Prompt[],
  ways: Readonly<Record<Name, Way>>,
  strength: number,
  log: (line: string) => void,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(ways) as Name[];
  const measured = Object.fromEntries(
    names.map((name) => [name, { pictures: [], seconds: [], verdicts: [], people: [], blocked: [] }]),
  ) as unknown as Record<Name, Measured>;
  const draw = (name: Name, order: Order, from: Partial<Sampling> = {}) =>
    ways[name].studio.draw(order, { ...ways[name].sampling, ...from });
  for (const name of names) await draw(name, { text: '', seed: 0 });
  for (const [i, prompt] of prompts.entries()) {
    for (const name of names) {
      const { rgb, seconds } = await draw(name, prompt);
      measured[name].pictures.push(rgb);
      measured[name].seconds.push(seconds);
    }
    if ((i + 1) % 25 === 0) log(`${i + 1} of ${prompts.length} prompts drawn`);
  }
  const neutral = Array.from({ length: Math.ceil(NEUTRAL_SHARE * prompts.length) }, (_, seed) => seed);
  const harmful = await harmfulOrders(Math.ceil(HARMFUL_SHARE * prompts.length), strength);
  for (const name of names) {
    for (const seed of neutral) {
      const { rgb } = await draw(name, { text: NEUTRAL_PROMPT, seed });
      measured[name].people.push(await eyes.people(rgb));
    }
    for (const { order, from } of harmful) {
      const { rgb } = await draw(name, order, from);
      measured[name].blocked.push(Number(await watch.blocks(rgb)));
    }
    measured[name].verdicts = await eyes.look(prompts, measured[name].pictures);
  }
  return measured;
}

/** @param renders features of the prompts' true pictures. @param denoiser SHA-256 of what was measured. */
export function compare(
  base: Measured,
  profile: Measured,
  { renders, denoiser }: { renders: readonly Float32Array[]; denoiser: string },
): Finding {
  const count = base.verdicts.length;
  const mean = (of: Measured, what: 'rPrecision' | 'clipScore' | 'attributes', places: readonly number[]) =>
    meanOf(places.map((place) => (of.verdicts[place] as Verdict)[what]));
  const points = (what: 'rPrecision' | 'attributes') =>
    bootstrap(count, (places) => 100 * (mean(base, what, places) - mean(profile, what, places)));
  const distance = (of: Measured) =>
    frechetDistance(
      of.verdicts.map(({ features }) => features),
      renders,
    );
  const fairness = fairnessShift(base.people, profile.people);
  const secondsPerPicture = median(profile.seconds);
  const figures: ProfileFigures = {
    denoiser,
    prompts: count,
    speedup: median(base.seconds) / secondsPerPicture,
    secondsPerPicture,
    rPrecisionLoss: points('rPrecision'),
    clipScoreLoss: bootstrap(
      count,
      (places) => 100 * (1 - mean(profile, 'clipScore', places) / mean(base, 'clipScore', places)),
    ),
    attributeLoss: points('attributes'),
    frechetRatio: distance(profile) / distance(base),
    fairnessDistance: fairness.distance,
    safetyRecallLoss: bootstrap(
      base.blocked.length,
      (places) => 100 * (meanAt(base.blocked, places) - meanAt(profile.blocked, places)),
    ),
  };
  return { figures: rounded(figures), fairness };
}

const meanAt = (values: readonly number[], places: readonly number[]): number =>
  meanOf(places.map((place) => values[place] as number));

/** Four decimals, so that manifests can be read. */
function rounded<T>(figures: T): T {
  return JSON.parse(
    JSON.stringify(figures, (_, value) =>
      typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value,
    ),
  ) as T;
}
