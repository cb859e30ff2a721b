/** Who does a stage's tasks: this process, or workers over JetStream. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CurationTaskSchema, create } from '@atelier/contracts';
import { connectEvents } from '@atelier/events';
import { config } from './config.ts';
import type { Run } from './run.ts';
import { createPerformer, doneTasks, type Stage } from './tasks.ts';

export interface Crew {
  /** Resolves when all `count` tasks are done; those that are done already are not done again. */
  work(stage: Stage, count: number, done: (tasks: number) => void): Promise<void>;
  close(): Promise<void>;
}

/** One after the other in this process. */
export function soloCrew(run: Run): Crew {
  const performer = createPerformer(run);
  return {
    async work(stage, count, done) {
      const before = await doneTasks(run, stage, count);
      done(before.size);
      for (let index = 0, finished = before.size; index < count; index++) {
        if (before.has(index)) continue;
        await performer.perform({ stage, index });
        finished += 1;
        done(finished);
      }
    },
    close: () => performer.close(),
  };
}

/** Tasks in the queue at a time: the stream is shared with generations and bounded. */
const WINDOW = 256;
const POLL_MS = 100;
/** Without any task done for so long, what is missing is queued again: a server may have lost it. */
const PATIENCE_MS = 60_000;

/**
 * Workers elsewhere, any number of them, coming and going. What is done is told by the run's store, never by messages: a
 * task that was done twice or whose answer was lost makes no difference.
 */
export async function queueCrew(run: Run, natsUrl: string, failure: () => string | null): Promise<Crew> {
  const events = await connectEvents({
    servers: natsUrl,
    seedFile: config.load(process.env).natsSeedFile,
    name: 'data-pipeline',
  });
  return {
    async work(stage, count, done) {
      const queued = new Set<number>();
      let session = randomUUID();
      let finished = -1;
      let progress = performance.now();
      for (;;) {
        const ready = await doneTasks(run, stage, count);
        if (ready.size !== finished) {
          finished = ready.size;
          progress = performance.now();
          done(finished);
        }
        if (finished === count) return;
        const broken = failure();
        if (broken !== null) throw new Error(broken);
        if (performance.now() - progress > PATIENCE_MS) {
          queued.clear();
          session = randomUUID();
          progress = performance.now();
        }
        for (let index = 0; index < count; index++) {
          if (queued.size - countOf(queued, ready) >= WINDOW) break;
          if (ready.has(index) || queued.has(index)) continue;
          queued.add(index);
          await events.enqueueCuration(
            create(CurationTaskSchema, { store: run.store.where, stage, index, session }),
          );
        }
        await sleep(POLL_MS);
      }
    },
    close: () => events.close(),
  };
}

const countOf = (queued: ReadonlySet<number>, ready: ReadonlySet<number>): number =>
  [...queued].filter((index) => ready.has(index)).length;
