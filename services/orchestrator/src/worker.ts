/** From a job to a final record: claim, run, and decide what a failure means. */
import { create, GeneratedImagesSchema, type GenerationJob, GenerationState } from '@atelier/contracts';
import { type Delivery, EventsError, type Outcome } from '@atelier/events';
import type { Log } from '@atelier/process';
import { Code, deadlineExceeded, RpcError, unavailable } from '@atelier/rpc';
import { trace } from '@opentelemetry/api';
import { Attempt, type Ending } from './attempt.ts';
import { Blocked } from './blocked.ts';
import { SafetyUnavailable } from './fail-closed.ts';
import { failGeneration } from './failure.ts';
import { Interruption } from './interruption.ts';
import { recordFinished } from './metrics.ts';
import { type PipelineOptions, runPipeline } from './pipeline.ts';
import type { Registry } from './registry.ts';
import { isFinal, stateName } from './state.ts';
import { type GenerationStore, generationOf } from './store.ts';

export interface WorkerOptions extends PipelineOptions {
  store: GenerationStore;
  registry: Registry;
  log: Log;
  /** See config.attemptTimeoutMs. */
  attemptTimeoutMs: number;
}

/** Pause before the second attempt, milliseconds; doubles with each further one: a restarting service needs seconds. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** Errors that another attempt may not meet. */
const TRANSIENT = new Set<Code>([Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED]);

/** Do a job, whichever delivery it is. */
export async function runJob(options: WorkerOptions, delivery: Delivery<GenerationJob>): Promise<Outcome> {
  const { generationId: id } = delivery.job;
  trace.getActiveSpan()?.setAttribute('atelier.generation.id', id);
  return await options.registry.run(id, async (cancelled) => {
    for (;;) {
      const stored = await options.store.get(id);
      // Expired in the queue: nobody can ask for it any more.
      if (!stored) return 'done';
      if (isFinal(generationOf(stored.value).state)) return await settle(options, id);
      const signals = [cancelled, shutdownOf(delivery), timeoutAfter(options.attemptTimeoutMs)];
      const attempt = await Attempt.claim(options.store, stored, signals);
      // Null: cancelled or claimed in between; look again.
      if (attempt) return await runAttempt(options, attempt, delivery);
    }
  });
}

async function runAttempt(
  options: WorkerOptions,
  attempt: Attempt,
  delivery: Delivery<GenerationJob>,
): Promise<Outcome> {
  const { id } = attempt.generation;
  const log = options.log.child({ generation: id, attempt: attempt.generation.attempt });
  try {
    const [state, ending] = await conclusion(options, attempt);
    const generation = await attempt.finish(state, ending);
    recordFinished(generation);
    const stages = Object.fromEntries(generation.stages.map((s) => [s.name, Math.round(s.durationMs ?? 0)]));
    log.info({ state: stateName(state), stages_ms: stages }, 'finished');
    return 'done';
  } catch (error) {
    await attempt.abandon();
    const reason: unknown = attempt.signal.aborted ? attempt.signal.reason : error;
    if (reason instanceof Interruption) {
      log.info({ why: reason.kind }, 'interrupted');
      return reason.kind === 'shutdown' ? { again: true, delayMs: 0 } : await settle(options, id);
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (delivery.delivery - 1), LONGEST_PAUSE_MS);
    const delayMs = Math.max(pause, error instanceof RpcError ? (error.retryAfterMs ?? 0) : 0);
    log.warn({ err: error, retry_ms: delayMs }, 'attempt failed');
    return { again: true, delayMs, cause: error };
  }
}

/** The final state that the pipeline leads to. Throws what is worth another attempt, and interruptions. */
async function conclusion(options: WorkerOptions, attempt: Attempt): Promise<[GenerationState, Ending]> {
  try {
    const images = await runPipeline(attempt, options);
    const value = create(GeneratedImagesSchema, { images });
    return [
      GenerationState.SUCCEEDED,
      (generation) => {
        generation.result = { case: 'images', value };
      },
    ];
  } catch (error) {
    if (error instanceof Blocked) {
      return [
        GenerationState.BLOCKED,
        (generation) => {
          generation.result = { case: 'verdict', value: error.verdict };
        },
      ];
    }
    const final = finalError(options, attempt, error);
    if (!final) throw error;
    options.log.warn({ err: error, generation: attempt.generation.id }, 'failed');
    return [
      GenerationState.FAILED,
      (generation) => {
        generation.result = { case: 'error', value: final.toStatus() };
      },
    ];
  }
}

/** The error to end with, or null when another attempt may fare better or must not be made here. */
function finalError(options: WorkerOptions, attempt: Attempt, error: unknown): RpcError | null {
  if (attempt.signal.aborted) {
    const { kind } = attempt.signal.reason as Interruption;
    if (kind !== 'timeout') return null;
    return deadlineExceeded(`an attempt may take ${options.attemptTimeoutMs} ms`, {
      reason: 'GENERATION_TIMEOUT',
    });
  }
  if (error instanceof EventsError) return null;
  const rpc = RpcError.from(error);
  return TRANSIENT.has(rpc.code) && !(rpc instanceof SafetyUnavailable) ? null : rpc;
}

/** The generation is not this worker's any more: when it is final its end was told, maybe by us. */
async function settle(options: WorkerOptions, id: string): Promise<Outcome> {
  const stored = await options.store.get(id);
  if (!stored) return 'done';
  const generation = generationOf(stored.value);
  if (!isFinal(generation.state)) return 'lost';
  await options.store.publishFinished(generation);
  return 'done';
}

/** All attempts are used up: the generation fails with what the last one met. */
export async function giveUp(
  options: WorkerOptions,
  job: GenerationJob,
  attempts: number,
  cause: unknown,
): Promise<void> {
  const met = cause === undefined ? undefined : RpcError.from(cause);
  const error = unavailable(`given up after ${attempts} attempts${met ? `: ${met.message}` : ''}`, {
    reason: 'ATTEMPTS_EXHAUSTED',
    cause,
  });
  options.log.error({ generation: job.generationId, attempts, err: cause }, 'given up');
  await failGeneration(options.store, job.generationId, error);
}

function shutdownOf(delivery: Delivery<GenerationJob>): AbortSignal {
  return translated(delivery.signal, 'shutdown');
}

const timeoutAfter = (ms: number): AbortSignal => translated(AbortSignal.timeout(ms), 'timeout');

/** A signal that aborts with `signal`, with an Interruption for a reason. */
function translated(signal: AbortSignal, kind: 'shutdown' | 'timeout'): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(new Interruption(kind));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return controller.signal;
}
