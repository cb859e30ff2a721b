/** A run from input to report: stages in order, each resumed where it stopped. */
import type { Crew } from './crew.ts';
import { HASH_BYTES } from './image/perceptual-hash.ts';
import { itemCount } from './input/item.ts';
import { planChunks } from './input/plan.ts';
import { type NearPlan, planNear } from './near/partition.ts';
import type { Statistics } from './report/statistics.ts';
import { FILES, type Run, type RunOptions } from './run.ts';
import { type Decision, decide } from './stages/decide.ts';
import { publish } from './stages/publish.ts';
import { openStore, readJson } from './store/store.ts';
import type { Stage } from './tasks.ts';

interface Plan {
  items: number;
  chunks: number[];
}

/** Told how far a stage is: tasks done of all, and items in all where a task has items. */
export type OnProgress = (stage: Stage, done: number, tasks: number, items: number) => void;

/**
 * The run of these options: a new one, or the one that was begun in the same place. Throws an Error when another run with
 * other options lies there.
 */
export async function beginRun(options: RunOptions): Promise<Run> {
  const store = openStore(options.out);
  if ((await store.size(FILES.run)) !== null) {
    const begun = await readJson<RunOptions>(store, FILES.run);
    if (identity(begun) !== identity(options))
      throw new Error(
        `${options.out} holds a run with other options: choose another --out, or remove its folder "work"`,
      );
  }
  await store.write(FILES.run, JSON.stringify(options, null, 2));
  return { options, store };
}

/** What makes two runs the same: everything but where services happen to listen this time. */
function identity(options: RunOptions): string {
  const { promptSafety, harmDetection, ...rest } = options;
  return JSON.stringify({
    ...rest,
    asked: [promptSafety, harmDetection].map((address) => address !== ''),
  });
}

export async function curate(run: Run, crew: Crew, onProgress: OnProgress): Promise<Statistics> {
  const { store, options } = run;
  if (options.planted) {
    const { count } = options.planted;
    const tars = Math.ceil(count / options.chunkSize);
    await crew.work('draw', tars, (done) => onProgress('draw', done, tars, count));
  }
  const plan = await planned(run);
  const step = async (stage: Stage, tasks: number): Promise<void> =>
    await crew.work(stage, tasks, (done) => onProgress(stage, done, tasks, plan.items));
  await step('examine', plan.chunks.length);
  if ((await store.size(FILES.nearPlan)) === null) {
    const counts: number[] = [];
    for (let chunk = 0; chunk < plan.chunks.length; chunk++)
      counts.push(((await store.size(FILES.hashes(chunk))) ?? 0) / HASH_BYTES);
    await store.write(FILES.nearPlan, JSON.stringify(planNear(counts, options.partitionHashes)));
  }
  await step('near', (await readJson<NearPlan>(store, FILES.nearPlan)).tasks.length);
  if ((await store.size(FILES.decision)) === null) await decide(run, plan.chunks.length);
  await step('shard', (await readJson<Decision>(store, FILES.decision)).shards);
  return await publish(run, plan.chunks.length);
}

/** The chunks, planned once: a later look at the input must not number its items differently. */
async function planned({ store, options }: Run): Promise<Plan> {
  if ((await store.size(FILES.plan)) !== null) return await readJson<Plan>(store, FILES.plan);
  const chunks = await planChunks(options.input, options.chunkSize);
  for (const [index, chunk] of chunks.entries()) await store.write(FILES.chunk(index), JSON.stringify(chunk));
  const sizes = chunks.map(itemCount);
  const plan = { items: sizes.reduce((sum, size) => sum + size, 0), chunks: sizes };
  await store.write(FILES.plan, JSON.stringify(plan));
  return plan;
}
