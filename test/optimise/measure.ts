/** Profiles against the full model: the same prompts, the same seeds, turn by turn, so that the machine's moods hit all alike. */
import { bootstrap, frechetDistance, meanOf, median } from '@atelier/metrics';
import type { ProfileFigures } from '@atelier/models';
import type { Attributes, HeldOutPrompt as Prompt } from '@atelier/scenes';
import type { Sampling, Studio } from './draw.ts';
import type { Eyes, Verdict } from './eyes.ts';
import { fairnessShift, NEUTRAL_PROMPT } from './fairness.ts';
import type { Finding } from './gate.ts';

/** Neutral portraits for each prompt. */
const NEUTRAL_SHARE = 0.2;

/** What one way of sampling gave. */
export interface Measured {
  readonly pictures: Uint8Array[];
  readonly seconds: number[];
  verdicts: Verdict[];
  /** Of neutral portraits. */
  readonly people: Attributes[];
}

/** @param ways of sampling by name; the first picture of each isn't timed. */
export async function measure<Name extends string>(
  { studio, eyes }: { studio: Studio; eyes: Eyes },
  prompts: readonly Prompt[],
  ways: Readonly<Record<Name, Sampling>>,
  log: (line: string) => void,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(ways) as Name[];
  const measured = Object.fromEntries(
    names.map((name) => [name, { pictures: [], seconds: [], verdicts: [], people: [] }]),
  ) as unknown as Record<Name, Measured>;
  for (const name of names) await studio.draw({ text: '', seed: 0 }, ways[name]);
  for (const [i, prompt] of prompts.entries()) {
    for (const name of names) {
      const { rgb, seconds } = await studio.draw(prompt, ways[name]);
      measured[name].pictures.push(rgb);
      measured[name].seconds.push(seconds);
    }
    if ((i + 1) % 25 === 0) log(`${i + 1} of ${prompts.length} prompts drawn`);
  }
  const neutral = Array.from({ length: Math.ceil(NEUTRAL_SHARE * prompts.length) }, (_, seed) => seed);
  for (const name of names) {
    for (const seed of neutral) {
      const { rgb } = await studio.draw({ text: NEUTRAL_PROMPT, seed }, ways[name]);
      measured[name].people.push(await eyes.people(rgb));
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
  };
  return { figures: rounded(figures), fairness };
}

/** Four decimals, so that manifests can be read. */
function rounded<T>(figures: T): T {
  return JSON.parse(
    JSON.stringify(figures, (_, value) =>
      typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value,
    ),
  ) as T;
}
