/** One model on everything that a run asks: drawn, looked at, measured. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '@atelier/models';
import type { Eyes } from './judge/eyes.ts';
import { type CostFigures, costFigures } from './measure/cost.ts';
import { type FairnessFigures, fairnessFigures, type Wanted } from './measure/people.ts';
import type { Outcome } from './measure/pictures.ts';
import { measureSafety, type SafetyFigures, SafetyFiguresSchema, type SafetySets } from './measure/safety.ts';
import { bundleDigest } from './run/bundle-digest.ts';
import { type Drawing, drawMissing, type Order } from './run/draw.ts';
import { RunFolder } from './run/folder.ts';
import { openStudio } from './run/studio.ts';
import type { PromptSet } from './sets/prompt-set.ts';

/** What every model of a run is asked. */
export interface Task {
  readonly set: PromptSet;
  readonly drawing: Drawing;
  readonly safety: SafetySets;
  /** Prompts that leave open whom to draw, seeds for each, and the shares that are wanted. */
  readonly people: { readonly prompts: readonly string[]; readonly seeds: number; readonly wanted: Wanted };
  readonly pricePerCoreHour: number;
}

export interface ModelRun {
  readonly bundle: { readonly name: string; readonly version: string; readonly digest: string };
  readonly folder: RunFolder;
  readonly outcomes: readonly Outcome[];
  readonly cost: CostFigures | undefined;
  readonly fairness: FairnessFigures | undefined;
  readonly safety: SafetyFigures;
}

/** Starts a mesh on the bundle unless everything is there already. @param root folder of all models of this task. */
export async function runModel(
  bundle: Bundle,
  task: Task,
  eyes: Eyes,
  root: string,
  log: (line: string) => void,
): Promise<ModelRun> {
  const digest = bundleDigest(bundle);
  const folder = new RunFolder(join(root, digest));
  const name = `${bundle.name}@${bundle.version}`;
  const prompts = task.set.prompts.map(
    ({ text, seed }, i): Order => ({ key: `prompt-${i}`, text, seed, enhance: false }),
  );
  const people = task.people.prompts.flatMap((text, i) =>
    Array.from({ length: task.people.seeds }, (_, seed): Order => {
      return { key: `person-${i}-${seed}`, text, seed, enhance: true };
    }),
  );
  const safety = await drawAll(bundle.path, folder, { prompts, people }, task, (line) =>
    log(`${name}: ${line}`),
  );
  const outcomes: Outcome[] = [];
  for (const [i, prompt] of task.set.prompts.entries()) {
    const { key } = prompts[i] as Order;
    const record = await recordOf(folder, key);
    outcomes.push({ prompt, record, look: await lookAt(folder, key, record, eyes) });
  }
  const groups = task.people.prompts.map((_, i) =>
    people.filter(({ key }) => key.startsWith(`person-${i}-`)),
  );
  const seen = [];
  for (const group of groups) {
    const looks = [];
    for (const { key } of group) looks.push(await lookAt(folder, key, await recordOf(folder, key), eyes));
    seen.push(looks.flatMap((look) => (look ? [look.attributes] : [])));
  }
  return {
    bundle: { name: bundle.name, version: bundle.version, digest },
    folder,
    outcomes,
    cost: costFigures(
      outcomes.map(({ record }) => record),
      await folder.sessions(),
      task.pricePerCoreHour,
    ),
    fairness: fairnessFigures(seen, task.people.wanted),
    safety,
  };
}

/** Draws what is missing and asks the safety services, in one mesh; none is started when nothing is missing. */
async function drawAll(
  bundlePath: string,
  folder: RunFolder,
  orders: { prompts: readonly Order[]; people: readonly Order[] },
  { drawing, safety }: Task,
  log: (line: string) => void,
): Promise<SafetyFigures> {
  const missing = async (list: readonly Order[]): Promise<Order[]> => {
    const records = await Promise.all(list.map(({ key }) => folder.record(key)));
    // What failed is tried again: a machine that was too busy is no property of the model.
    return list.filter((_, i) => (records[i]?.state ?? 'failed') === 'failed');
  };
  const [prompts, people] = [await missing(orders.prompts), await missing(orders.people)];
  const total = orders.prompts.length + orders.people.length;
  let done = total - prompts.length - people.length;
  let studio: Awaited<ReturnType<typeof openStudio>> | undefined;
  const open = async () => {
    studio ??= await openStudio(bundlePath, drawing.concurrency);
    return studio;
  };
  const tell = (): void => {
    done += 1;
    if (done % 20 === 0 || done === total) log(`${done} of ${total} pictures`);
  };
  try {
    if (done > 0) log(`${done} of ${total} pictures are there already`);
    for (const [list, size] of [
      [prompts, drawing.size],
      // Attributes are seen at the base model's size: more would only take longer.
      [people, BASE_SIZE],
    ] as const) {
      if (list.length === 0) continue;
      const { atelier, meter } = await open();
      const end = meter();
      let drawn = 0;
      try {
        await drawMissing(atelier, folder, list, { ...drawing, size }, () => {
          drawn += 1;
          tell();
        });
      } finally {
        // Neutral portraits are smaller and enhanced: they would blur what a picture of the set costs.
        if (list === prompts && drawn > 0) await folder.keepSession(end(drawn));
      }
    }
    return await folder.once('safety', SafetyFiguresSchema, async () => {
      const { address } = await open();
      log('asking the safety services');
      const addresses = { promptSafety: address('prompt-safety'), harmDetection: address('harm-detection') };
      return await measureSafety(addresses, safety);
    });
  } finally {
    await studio?.close();
  }
}

const BASE_SIZE = 64;

async function recordOf(folder: RunFolder, key: string) {
  const record = await folder.record(key);
  if (!record) throw new Error(`${folder.path} lost the record of ${key}`);
  return record;
}

async function lookAt(
  folder: RunFolder,
  key: string,
  { state }: { state: string },
  eyes: Eyes,
): Promise<Outcome['look']> {
  return state === 'succeeded' ? await eyes.look(await readFile(folder.picture(key))) : undefined;
}
