/** A worker's process: pulls tasks of any run from the queue until it is told to stop. */
import { connectEvents } from '@atelier/events';
import { runService } from '@atelier/process';
import { config } from './config.ts';
import { openRun } from './run.ts';
import { createPerformer, type Performer, STAGES } from './tasks.ts';

/** How long a task in hand may take after a stop, milliseconds; it is done again elsewhere. */
const GRACE_MS = 8_000;
/** Deliveries before a task is given up. */
const MAX_DELIVER = 20;

await runService({
  name: 'data-pipeline',
  config,
  start: async ({ config, log, shutdown }) => {
    const events = await connectEvents({
      servers: config.natsUrl,
      seedFile: config.natsSeedFile,
      name: 'data-pipeline-worker',
    });
    const performers = new Map<string, Promise<Performer>>();
    const performerOf = (store: string): Promise<Performer> => {
      const known = performers.get(store) ?? openRun(store).then(createPerformer);
      performers.set(store, known);
      known.catch(() => performers.delete(store));
      return known;
    };
    const work = () => {
      const worker = events.consumeCuration({
        concurrency: 1,
        maxDeliver: MAX_DELIVER,
        handle: async ({ job, delivery }) => {
          const stage = STAGES.find((name) => name === job.stage);
          if (!stage) throw new RangeError(`no stage "${job.stage}"`);
          await (await performerOf(job.store)).perform({ stage, index: job.index });
          log.debug({ stage, index: job.index, delivery }, 'task done');
          return 'done';
        },
        onDead: async ({ stage, index }, deliveries, cause) =>
          log.error({ stage, index, deliveries, err: cause }, 'task given up'),
        onError: (err) => log.warn({ err }, 'worker'),
      });
      shutdown.addEventListener(
        'abort',
        () => void worker.stop(GRACE_MS).catch((err: unknown) => log.warn({ err }, 'stop')),
      );
    };
    return {
      bindings: [],
      address: config.listenAddress,
      warm: async () => work(),
      close: async () => {
        for (const performer of performers.values()) await (await performer).close();
        await events.close();
      },
    };
  },
});
