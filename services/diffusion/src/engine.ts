import { InferenceError } from '@atelier/inference';
import { anonymous, type Caller, resourceExhausted } from '@atelier/rpc';
import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { admit, hopeless, type Promised, type Refusal } from './admission.ts';
import type { Drawing, StepOutcome } from './drawing.ts';
import { BatchLimits } from './invariance.ts';
import { recordRefusal, recordRun } from './metrics.ts';
import type { Denoiser, Predicted } from './model.ts';
import { OutcomeStream } from './outcome-stream.ts';
import { FairPolicy, nextBatch, type Policy } from './policy.ts';
import { StepTimes } from './step-times.ts';

const tracer = trace.getTracer('@atelier/diffusion');

/**
 * Least time between two looks for pictures that can't be in time any more, milliseconds: a look weighs each picture in hand against all
 * others, and after each step of a network of a millisecond that took 2 % of this thread's time.
 */
const LOOK_EVERY_MS = 20;

export interface EngineOptions {
  /** Pictures that may be in hand at once; one more is refused. */
  readonly maxDrawings: number;
  /** Pictures whose steps may share a run; fewer where sharing would change bits. */
  readonly maxBatch: number;
  /** Who goes next; default: fair shares for everybody. */
  readonly policy?: Policy<Task>;
}

/** On whose behalf and until when a picture is drawn. */
export interface DrawCall {
  /** Takes effect before the picture's next step. */
  readonly signal: AbortSignal;
  /** Time until the caller's deadline, milliseconds; Infinity for none. */
  readonly remainingMs: number;
  /** Whose share of the machine it is; default: nobody's in particular. */
  readonly caller?: Caller;
}

/** A picture in hand. */
export interface Task extends Promised {
  readonly drawing: Drawing;
  readonly stream: OutcomeStream;
  readonly span: Span;
  readonly context: Context;
  begun: boolean;
}

/**
 * Interleaves pictures step by step: each turn takes the pictures whose turn it is by the policy and that can share a
 * run, computes their next step, and lets others join or leave before the following one. As many turns overlap as the
 * denoiser has lanes.
 */
export class StepEngine {
  readonly #denoiser: Denoiser;
  readonly #maxDrawings: number;
  readonly #limits: BatchLimits;
  readonly #policy: Policy<Task>;
  readonly #times = new StepTimes();
  readonly #inHand = new Set<Task>();
  /** Pictures whose step is being computed. */
  readonly #busy = new Set<Task>();
  /** Runs being prepared or computed. */
  #turns = 0;
  /** When the next look for hopeless pictures is due, on the clock of performance.now. */
  #lookAtMs = 0;

  constructor(denoiser: Denoiser, { maxDrawings, maxBatch, policy = new FairPolicy() }: EngineOptions) {
    this.#denoiser = denoiser;
    this.#maxDrawings = maxDrawings;
    this.#policy = policy;
    this.#limits = new BatchLimits(denoiser, maxBatch);
  }

  /** Pictures in hand. */
  get size(): number {
    return this.#inHand.size;
  }

  /**
   * Admits a picture and gives its steps as they end.
   * @throws RpcError RESOURCE_EXHAUSTED with RetryInfo when there is no room, or no time by the measured speed.
   */
  async *draw(drawing: Drawing, call: DrawCall): AsyncGenerator<StepOutcome> {
    const { signal } = call;
    signal.throwIfAborted();
    const task = this.#admit(drawing, call);
    const abort = (): void => {
      task.stream.fail(signal.reason);
      this.#leave(task);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#wake();
    try {
      yield* task.stream.read();
    } finally {
      signal.removeEventListener('abort', abort);
      this.#leave(task);
      task.span.end();
    }
  }

  #admit(drawing: Drawing, { remainingMs, caller = anonymous }: DrawCall): Task {
    const nowMs = performance.now();
    const times = this.#times;
    const span = tracer.startSpan('diffusion.sample', {
      attributes: { 'diffusion.steps': drawing.stepsLeft, 'diffusion.rows': drawing.rows },
    });
    const task: Task = {
      drawing,
      stream: new OutcomeStream(),
      span,
      context: trace.setSpan(context.active(), span),
      caller,
      get key() {
        return drawing.key;
      },
      deadlineMs: nowMs + remainingMs,
      begun: false,
      get workMs() {
        return drawing.rowsLeft * times.rowMs(drawing.key);
      },
    };
    const refusal = admit(this.#policy, task, {
      maxJobs: this.#maxDrawings,
      nowMs,
      lanes: this.#denoiser.lanes,
    });
    if (refusal) {
      const error = refused(task, refusal);
      span.end();
      throw error;
    }
    this.#inHand.add(task);
    return task;
  }

  #leave(task: Task): void {
    if (this.#inHand.delete(task)) this.#policy.remove(task);
  }

  /** Begins as many turns as there are lanes free and pictures waiting. */
  #wake(): void {
    while (this.#turns < this.#denoiser.lanes) {
      const batch = nextBatch(this.#policy, this.#busy).slice(0, this.#limits.most);
      if (batch.length === 0) return;
      this.#turns++;
      for (const task of batch) this.#busy.add(task);
      void this.#turn(batch);
    }
  }

  /** One run for some of the candidates; never rejects. */
  async #turn(candidates: readonly Task[]): Promise<void> {
    const batch = candidates.slice(0, await this.#limitOf(candidates));
    for (const task of candidates.slice(batch.length)) this.#busy.delete(task);
    const ready = await this.#prepare(batch);
    if (ready.length > 0) await this.#compute(ready);
    for (const task of batch) this.#busy.delete(task);
    this.#turns--;
    this.#giveUpHopeless(performance.now());
    this.#wake();
  }

  #giveUpHopeless(nowMs: number): void {
    if (nowMs < this.#lookAtMs) return;
    this.#lookAtMs = nowMs + LOOK_EVERY_MS;
    for (const { job, refusal } of hopeless(this.#policy, nowMs)) {
      if (!this.#busy.has(job)) this.#fail(job, refused(job, refusal));
    }
  }

  /** How many of the pictures may share a run; 1 when that can't be found out, and then the run will say why. */
  async #limitOf(candidates: readonly Task[]): Promise<number> {
    const [first] = candidates;
    if (!first || candidates.length === 1) return 1;
    return await this.#limits.of(first.drawing).catch(() => 1);
  }

  /** Those that can take their step. */
  async #prepare(batch: readonly Task[]): Promise<Task[]> {
    const ready = await Promise.all(
      batch.map(async (task) => {
        try {
          await task.drawing.prepare();
          return this.#inHand.has(task);
        } catch (error) {
          this.#fail(task, error);
          return false;
        }
      }),
    );
    return batch.filter((_, i) => ready[i]);
  }

  async #compute(batch: readonly Task[]): Promise<void> {
    const startTime = Date.now();
    const startedMs = performance.now();
    // Turns that overlap share the machine: each is charged its part of the time.
    const shared = this.#turns;
    const rows = batch.map(({ drawing }) => drawing.rows);
    const key = (batch[0] as Task).key;
    let predicted: Predicted;
    try {
      predicted = await this.#denoiser.predict(batch.map(({ drawing }) => drawing));
    } catch (error) {
      for (const task of batch) this.#fail(task, error);
      return;
    }
    const run = traceRun(batch, startTime, predicted.computeMs);
    for (const [i, task] of batch.entries()) {
      if (!this.#inHand.has(task)) continue;
      task.begun = true;
      traceStep(task, run, startTime, batch.length, predicted.computeMs);
      try {
        const outcome = task.drawing.advance(predicted.outputs[i] as Float32Array);
        if (outcome.image) this.#leave(task);
        task.stream.push(outcome);
      } catch (error) {
        this.#fail(task, error);
      }
    }
    const runMs = performance.now() - startedMs;
    recordRun(batch.length, runMs);
    const rowMs = runMs / shared / rows.reduce((sum, count) => sum + count, 0);
    this.#times.learn(key, rowMs);
    this.#policy.charge(new Map(batch.map((task, i) => [task, rowMs * (rows[i] as number)])));
  }

  #fail(task: Task, error: unknown): void {
    task.span.setStatus({ code: SpanStatusCode.ERROR });
    if (error instanceof InferenceError) task.span.setAttribute('error.type', error.reason);
    this.#leave(task);
    task.stream.fail(error);
  }
}

/** The answer to a caller whose picture isn't drawn, or no further. */
function refused({ span }: Task, { message, retryAfterMs, reason }: Refusal): Error {
  recordRefusal(reason);
  span.setAttribute('error.type', reason);
  return resourceExhausted(message, retryAfterMs, reason);
}

/**
 * The span of one run, in a trace of its own because it belongs to no picture more than to another: it links to all whose
 * steps it took, and their steps link to it.
 */
function traceRun(batch: readonly Task[], startTime: number, computeMs: number): SpanContext {
  const links = batch.map(({ span }) => ({ context: span.spanContext() }));
  const attributes = { 'diffusion.batch.pictures': batch.length, 'inference.compute_ms': computeMs };
  const span = tracer.startSpan('diffusion.batch', { startTime, attributes, links }, ROOT_CONTEXT);
  span.end();
  return span.spanContext();
}

function traceStep(
  { context, drawing }: Task,
  run: SpanContext,
  startTime: number,
  pictures: number,
  computeMs: number,
): void {
  const attributes = {
    'diffusion.timestep': drawing.timestep,
    'diffusion.batch.pictures': pictures,
    'inference.compute_ms': computeMs,
  };
  tracer.startSpan('diffusion.step', { startTime, attributes, links: [{ context: run }] }, context).end();
}
