/** The tasks that a run is made of: each may be done by anybody, any number of times, with the same result. */

import { cachingEmbedder } from './embedding/cache.ts';
import { createObjectReader } from './input/events.ts';
import { createFetcher } from './input/fetch.ts';
import { type Models, openModels } from './models.ts';
import { drawTar } from './planted/draw.ts';
import { FILES, type Run } from './run.ts';
import { connectSafety } from './safety.ts';
import { examineChunk } from './stages/examine.ts';
import { findNear } from './stages/near.ts';
import { writeShard } from './stages/shard.ts';
import { openStore } from './store/store.ts';

export const STAGES = ['draw', 'examine', 'near', 'shard'] as const;
export type Stage = (typeof STAGES)[number];

export interface Task {
  stage: Stage;
  index: number;
}

/** The file that exists when a task is done. */
const DONE: Record<Stage, (index: number) => string> = {
  draw: FILES.drawn,
  examine: FILES.examined,
  near: FILES.near,
  shard: FILES.shardDone,
};

export const isDone = async ({ store }: Run, { stage, index }: Task): Promise<boolean> =>
  (await store.size(DONE[stage](index))) !== null;

/** Which tasks of a stage are done, by listing its folder once. */
export async function doneTasks({ store }: Run, stage: Stage, count: number): Promise<Set<number>> {
  const folder = DONE[stage](0).replace(/[^/]*$/, '');
  const names = new Set(await store.list(folder));
  return new Set(
    Array.from({ length: count }, (_, index) => index).filter((index) => names.has(DONE[stage](index))),
  );
}

export interface Performer {
  /** Does the task unless it is done. Throws what went wrong. */
  perform(task: Task): Promise<void>;
  close(): Promise<void>;
}

export function createPerformer(run: Run): Performer {
  const { options } = run;
  const safety = connectSafety(options.promptSafety, options.harmDetection);
  const fetcher = createFetcher({ maxBytes: options.limits.maxBytes });
  const objects = createObjectReader(options.input);
  // Loaded once: when the first task wants them, or beside the drawing that comes before.
  let loading: Promise<Models | null> | undefined;
  const models = (): Promise<Models | null> => {
    loading ??= openModels(options);
    return loading;
  };
  const shard = async (index: number): Promise<void> => {
    const loaded = options.embed ? await models() : null;
    const embedder = loaded && cachingEmbedder(openStore(options.embeddingCache), loaded.reader);
    await writeShard(run, index, embedder);
  };
  const perform: Record<Stage, (index: number) => Promise<void>> = {
    draw: async (index) => {
      // What fails is told to the task that wants them.
      models().catch(() => null);
      await drawTar(run, index);
    },
    examine: async (index) =>
      await examineChunk(run, index, { safety, fetcher, objects, models: await models() }),
    near: (index) => findNear(run, index),
    shard,
  };
  return {
    async perform(task) {
      if (!(await isDone(run, task))) await perform[task.stage](task.index);
    },
    async close() {
      safety.close();
      await objects.close();
      // What failed to load was told to the task that wanted it.
      await (await loading?.catch(() => null))?.close();
    },
  };
}
