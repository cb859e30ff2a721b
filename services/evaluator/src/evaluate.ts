/** A candidate against production, or one model against its thresholds. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '@atelier/models';
import { composeScene, heldOutPrompts, renderPng } from '@atelier/scenes';
import type { Eyes } from './judge/eyes.ts';
import { comparisonsOf, figuresOf, type PictureFigures, type Reference } from './measure/pictures.ts';
import { type ModelRun, runModel, type Task } from './model-run.ts';
import {
  type Compared,
  type Comparison,
  compare,
  decide,
  missed,
  type Threshold,
  type Verdict,
} from './verdict.ts';

export interface EvaluationOptions {
  readonly production: Bundle;
  /** Undefined: production alone is measured against the thresholds. */
  readonly candidate?: Bundle | undefined;
  readonly task: Task;
  readonly eyes: Eyes;
  readonly thresholds: readonly Threshold[];
  /** Folder of reference pictures for the Fréchet distance; default: renders of the starter's world. */
  readonly reference?: string | undefined;
  /** Folder of all runs. */
  readonly out: string;
  readonly log: (line: string) => void;
}

/** A model and what it scored. */
export interface Measured extends ModelRun {
  readonly pictures: PictureFigures;
  /** By the names that thresholds use. */
  readonly figures: Readonly<Record<string, number | undefined>>;
}

export interface Evaluation {
  /** Folder of this prompt set, drawn this way; a folder for each model in it. */
  readonly root: string;
  readonly task: Task;
  readonly features: string;
  readonly reference: string;
  readonly production: Measured;
  readonly candidate?: Measured;
  readonly compared: readonly Compared[];
  readonly verdict: Verdict;
}

export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { task, eyes, log, out, thresholds } = options;
  const root = join(out, runName(task));
  const captions: Float32Array[] = [];
  for (const { text } of task.set.prompts) captions.push(await eyes.read(text));
  const production = await runModel(options.production, task, eyes, root, log);
  const candidate = options.candidate && (await runModel(options.candidate, task, eyes, root, log));
  log('measuring');
  const reference = await referenceFeatures(task, eyes, options.reference);
  const measured = (run: ModelRun): Measured => {
    const pictures = figuresOf(run.outcomes, captions, reference.features);
    return { ...run, pictures, figures: thresholdFigures(run, pictures) };
  };
  const about = {
    root,
    task,
    features: eyes.features,
    reference: reference.name,
    production: measured(production),
  };
  if (!candidate) {
    const reasons = missed(thresholds, about.production.figures);
    const decision = reasons.length === 0 ? 'promote' : 'refuse';
    return { ...about, compared: [], verdict: { decision, reasons, better: [] } };
  }
  const ours = measured(candidate);
  const { count, comparisons } = comparisonsOf(candidate.outcomes, production.outcomes, captions, reference);
  const compared =
    count === 0 ? [] : compare(count, [...comparisons, ...costComparison(candidate, production)]);
  return { ...about, candidate: ours, compared, verdict: decide(count, compared, thresholds, ours.figures) };
}

/** Processor time may grow by a quarter; less of it earns nothing here. */
const COST_TOLERANCE = 0.25;

function costComparison({ cost: ours }: ModelRun, { cost: theirs }: ModelRun): Comparison[] {
  if (!ours || !theirs) return [];
  const both = { candidate: ours.cpuSeconds, production: theirs.cpuSeconds };
  const tolerance = COST_TOLERANCE * theirs.cpuSeconds;
  return [
    {
      name: 'cpuSeconds',
      higherIsBetter: false,
      tolerance,
      quality: false,
      resamples: 1,
      statistic: () => both,
    },
  ];
}

/** One name for a prompt set and everything that changes its pictures. */
function runName({ set, drawing: { size, steps }, people, safety }: Task): string {
  const rest = createHash('sha256')
    .update(JSON.stringify([people.prompts, people.seeds, safety]))
    .digest('hex')
    .slice(0, 6);
  return `${set.name}-${set.digest}-${size}px-${steps === undefined ? 'default' : `${steps}steps`}-${rest}`;
}

function thresholdFigures({ outcomes, cost, fairness, safety }: ModelRun, pictures: PictureFigures) {
  const distances = Object.entries(fairness?.distance ?? {}).map(
    ([key, { value }]) => [`fairness.${key}`, value] as const,
  );
  return {
    ...pictures,
    failedShare: pictures.failed / outcomes.length,
    ...safety,
    ...cost,
    ...Object.fromEntries(distances),
  };
}

/** Fewest pictures that a distance is computed to. */
const FEWEST_REFERENCES = 200;

async function referenceFeatures({ set }: Task, eyes: Eyes, folder: string | undefined): Promise<Reference> {
  const features: Float32Array[] = [];
  if (folder !== undefined) {
    const names = (await readdir(folder)).filter((name) => /\.(png|jpe?g|webp)$/i.test(name)).sort();
    for (const name of names) features.push((await eyes.look(await readFile(join(folder, name)))).features);
    return { name: `${features.length} pictures of ${folder}`, features, fitsPrompts: true };
  }
  const own = set.prompts.every(({ stated }) => stated !== undefined);
  const scenes = own ? set.prompts : heldOutPrompts(Math.max(FEWEST_REFERENCES, set.prompts.length));
  for (const { seed } of scenes)
    features.push((await eyes.look(Buffer.from(await renderPng(composeScene(seed), 64)))).features);
  const what = own
    ? "the prompts' own scenes"
    : "held-out scenes of the starter's world, not of these prompts";
  return { name: `${features.length} renders of ${what}`, features, fitsPrompts: own };
}
