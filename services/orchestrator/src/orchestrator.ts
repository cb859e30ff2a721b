/** The parts of an orchestrator, put together: the API and the worker over one connection to NATS. */
import { openAccess } from '@atelier/access';
import { GenerationService } from '@atelier/contracts';
import { CANCEL_REQUESTS, connectEvents, generationEvents } from '@atelier/events';
import type { Log } from '@atelier/process';
import { type Binding, bind, type Guard } from '@atelier/rpc';
import { connectServices } from './clients.ts';
import type { Config } from './config.ts';
import { openIdentity } from './content-credentials.ts';
import { observeJobs } from './metrics.ts';
import { createQuota } from './quota.ts';
import { recover } from './recovery.ts';
import { Registry } from './registry.ts';
import { generationService } from './service.ts';
import { loadLibraries } from './stages/storing.ts';
import { GenerationStore } from './store.ts';
import { giveUp, runJob, type WorkerOptions } from './worker.ts';

/** From ready to when other services have become so as well, mostly. */
const SETTLED_MS = 2_000;

export interface Orchestrator {
  bindings: Binding[];
  /** Who may call; undefined: everybody. */
  guard: Guard | undefined;
  /** Begin to take jobs. */
  work(): void;
  /** End: no more jobs, those in hand finish or go to others, connections close. */
  close(): Promise<void>;
}

/** Connect to NATS and the services. Throws EventsError when there is no NATS. */
export async function startOrchestrator(
  config: Config,
  log: Log,
  shutdown: AbortSignal,
): Promise<Orchestrator> {
  const access = await openAccess(config, log);
  const identity = await openIdentity(config);
  if (!identity) log.warn('pictures carry no content credentials: no certificate is configured');
  const events = await connectEvents({
    servers: config.natsUrl,
    seedFile: config.natsSeedFile,
    name: 'orchestrator',
    ackWaitMs: config.ackWaitMs,
    replicas: config.natsReplicas,
  });
  const services = connectServices(config);
  const store = new GenerationStore(events);
  const registry = new Registry();
  events.subscribe(generationEvents, CANCEL_REQUESTS, (event) => registry.cancel(event.generationId));

  const stopObserving = observeJobs(() => events.jobs());

  const options: WorkerOptions = {
    store,
    registry,
    services,
    images: events.images,
    log,
    previewEvery: config.previewEverySteps,
    identity,
    attemptTimeoutMs: config.attemptTimeoutMs,
  };
  let stopped: Promise<void> | undefined;
  let worker: ReturnType<typeof events.consumeJobs> | undefined;
  const stopWork = (): Promise<void> => {
    stopped ??= worker?.stop(config.drainMs) ?? Promise.resolve();
    return stopped;
  };
  shutdown.addEventListener('abort', () => void stopWork(), { once: true });

  return {
    bindings: [
      bind(
        GenerationService,
        generationService({
          store,
          languages: config.languages,
          queueLimit: config.queueLimit,
          quota: createQuota(events, access?.imagesPerDay),
        }),
      ),
    ],
    guard: access?.guard,
    work() {
      if (shutdown.aborted) return;
      setTimeout(() => {
        loadLibraries(identity).catch((err: unknown) => log.warn({ err }, 'a library could not be loaded'));
      }, SETTLED_MS).unref();
      worker = events.consumeJobs({
        handle: (delivery) => runJob(options, delivery),
        onDead: (job, deliveries, cause) => giveUp(options, job, deliveries, cause),
        onError: (err) => log.warn({ err }, 'work queue'),
        concurrency: config.concurrentGenerations,
        maxDeliver: config.maxAttempts,
      });
      recover(store).then(
        (count) =>
          count > 0 && log.warn({ count }, 'queued generations that a dead replica had only recorded'),
        (err: unknown) => log.warn({ err }, 'recovery failed'),
      );
    },
    async close() {
      await stopWork();
      stopObserving();
      services.close();
      await events.close();
    },
  };
}
