/** What the store holds when all is quiet: read from NATS, past the services. */
import { connectEvents, FINISHED_GENERATIONS, generationEvents } from '@atelier/events';
import { type Audit, glimpseOf } from './history.ts';
import { TENANT } from './load.ts';

export async function readAudit(servers: string): Promise<Audit> {
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
