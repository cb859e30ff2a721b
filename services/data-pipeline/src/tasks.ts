/** The tasks that a run is made of: each may be done by anybody, any number of times, with the same result. */

import { createFetcher } from './input/fetch.ts';
import { drawTar } from './planted/draw.ts';
import { FILES, type Run } from './run.ts';
import { connectSafety } from './safety.ts';
import { type ExamineTools, examineChunk } from './stages/examine.ts';
import { findNear } from './stages/near.ts';
import { writeShard } from './stages/shard.ts';

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
  close(): void;
}

export function createPerformer(run: Run): Performer {
  const { options } = run;
  const tools: ExamineTools = {
    safety: connectSafety(options.promptSafety, options.harmDetection),
    fetcher: createFetcher({ maxBytes: options.limits.maxBytes }),
  };
  const perform: Record<Stage, (index: number) => Promise<void>> = {
    draw: (index) => drawTar(run, index),
    examine: (index) => examineChunk(run, index, tools),
    near: (index) => findNear(run, index),
    shard: (index) => writeShard(run, index),
  };
  return {
    async perform(task) {
      if (!(await isDone(run, task))) await perform[task.stage](task.index);
    },
    close: () => tools.safety.close(),
  };
}
