/** Declares everything that Atelier keeps on NATS and ends: an autoscaler must not read a consumer that isn't there. */
import { connectEvents } from '@atelier/events';

const servers = process.env.NATS_URL || 'nats://127.0.0.1:4222';
const replicas = Number(process.env.ATELIER_NATS_REPLICAS || '1');
const CONNECT_TIMEOUT_MS = 120_000;

try {
  const events = await connectEvents({
    servers,
    // Whose rights these are: where the server knows users, only the orchestrator's may declare.
    name: 'orchestrator-topology',
    seedFile: process.env.NATS_SEED_FILE,
    replicas,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
  });
  const waiting = await events.backlog();
  await events.close();
  console.log(JSON.stringify({ msg: 'topology declared', replicas, jobs: waiting }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
