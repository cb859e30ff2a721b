/** What the store holds when all is quiet: read from NATS, past the services. */

import { setTimeout as sleep } from 'node:timers/promises';
import { connectEvents, FINISHED_GENERATIONS, generationEvents } from '@atelier/events';
import { type Audit, glimpseOf, isFinal } from './history.ts';
import { TENANT } from './load.ts';

/** How long a job may take that comes again after its process died, to tell of an end that is written already, milliseconds. */
const TOLD_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 500;

/** The store once every generation that has ended is told of, or the time for it is over. */
export async function readAudit(servers: string): Promise<Audit> {
  const until = performance.now() + TOLD_WITHIN_MS;
  for (;;) {
    const audit = await look(servers);
    const untold = [...audit.records].some(
      ([id, { glimpse }]) => isFinal(glimpse.state) && !audit.finished.has(id),
    );
    if (!untold || performance.now() > until) return audit;
    await sleep(LOOK_EVERY_MS);
  }
}

async function look(servers: string): Promise<Audit> {
  const events = await connectEvents({ servers, name: 'audit' });
  try {
    const audit: Audit = { records: new Map(), finished: new Map() };
    for (const key of await events.generationIndex.keys(`${TENANT}.>`)) {
      const id = key.slice(key.lastIndexOf('.') + 1);
      const generation = (await events.generations.get(id))?.value.generation;
      if (!generation) continue;
      audit.records.set(id, { requestId: generation.requestId, glimpse: glimpseOf(generation) });
    }
    const told = events.readStream(generationEvents, FINISHED_GENERATIONS, { untilCaughtUp: true });
    for await (const { message } of told) {
      audit.finished.set(message.generationId, (audit.finished.get(message.generationId) ?? 0) + 1);
    }
    return audit;
  } finally {
    await events.close();
  }
}
