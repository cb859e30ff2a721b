import { InferenceError } from '@atelier/inference';
import { deadlineExceeded, type RpcError, resourceExhausted } from '@atelier/rpc';
import { type Context, context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Drawing, StepOutcome } from './drawing.ts';
import { BatchLimits } from './invariance.ts';
import { batchKey, type Denoiser, type Predicted } from './model.ts';
import { OutcomeStream } from './outcome-stream.ts';
import { nextBatch, urgency, type Waiting } from './policy.ts';

const tracer = trace.getTracer('@atelier/diffusion');
/** Weight of the newest row's time in the running mean. */
const NEWEST = 0.2;

export interface EngineOptions {
  /** Pictures that may be in hand at once; one more is refused. */
  readonly maxDrawings: number;
  /** Pictures whose steps may share a run; fewer where sharing would change bits. */
  readonly maxBatch: number;
}

interface Task extends Waiting {
  readonly drawing: Drawing;
  readonly stream: OutcomeStream;
  readonly span: Span;
  readonly context: Context;
  readonly release: () => void;
  rowsLeft: number;
}

/**
 * Interleaves pictures step by step: each turn takes the most urgent pictures that can share a run, computes their next
 * step, and lets others join or leave before the following one.
 */
export class StepEngine {
  readonly #denoiser: Denoiser;
  readonly #maxDrawings: number;
  readonly #limits: BatchLimits;
  #tasks: Task[] = [];
  #running = false;
  /** Mean time of one row of a run, milliseconds; 0 until measured. */
  #rowMs = 0;

  constructor(denoiser: Denoiser, { maxDrawings, maxBatch }: EngineOptions) {
    this.#denoiser = denoiser;
    this.#maxDrawings = maxDrawings;
    this.#limits = new BatchLimits(denoiser, maxBatch);
  }

  /** Pictures in hand. */
  get size(): number {
    return this.#tasks.length;
  }

  /**
   * Admits a picture and gives its steps as they end. An abort takes effect before the picture's next step.
   * @param remainingMs time until the caller's deadline.
   * @throws RpcError RESOURCE_EXHAUSTED with RetryInfo when there is no room, or no time by the measured speed.
   */
  async *draw(drawing: Drawing, signal: AbortSignal, remainingMs: number): AsyncGenerator<StepOutcome> {
    signal.throwIfAborted();
    this.#checkRoom(drawing, remainingMs);
    const task = this.#admit(drawing, signal);
    try {
      yield* task.stream.read();
    } finally {
      this.#leave(task);
      task.span.end();
    }
  }

  #admit(drawing: Drawing, signal: AbortSignal): Task {
    const span = tracer.startSpan('diffusion.sample', {
      attributes: { 'diffusion.steps': drawing.stepsLeft, 'diffusion.rows': drawing.rows },
    });
    const stream = new OutcomeStream();
    const abort = (): void => {
      stream.fail(signal.reason);
      this.#leave(task);
    };
    const task: Task = {
      drawing,
      stream,
      span,
      context: trace.setSpan(context.active(), span),
      release: () => signal.removeEventListener('abort', abort),
      key: batchKey(drawing),
      rowsLeft: drawing.rows * drawing.stepsLeft,
      admittedMs: performance.now(),
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#tasks.push(task);
    if (!this.#running) void this.#run();
    return task;
  }

  #leave(task: Task): void {
    task.release();
    this.#tasks = this.#tasks.filter((other) => other !== task);
  }

  #checkRoom(drawing: Drawing, remainingMs: number): void {
    const now = performance.now();
    const rows = drawing.rows * drawing.stepsLeft;
    if (this.#tasks.length >= this.#maxDrawings) {
      const soonest = Math.min(...this.#tasks.map(({ rowsLeft }) => rowsLeft));
      throw this.#refusal(`${this.#maxDrawings} pictures are being drawn already`, soonest, 'QUEUE_FULL');
    }
    const ahead = this.#tasks
      .filter((task) => urgency(task, now, this.#rowMs) <= rows)
      .reduce((sum, { rowsLeft }) => sum + rowsLeft, 0);
    const neededMs = Math.ceil((ahead + rows) * this.#rowMs);
    if (neededMs <= remainingMs) return;
    const message = `The picture needs about ${neededMs} ms, its deadline leaves ${Math.floor(remainingMs)} ms`;
    // No wait helps a picture that can't be drawn in time even alone.
    if (rows * this.#rowMs > remainingMs) throw deadlineExceeded(message, { reason: 'DEADLINE_TOO_SHORT' });
    throw this.#refusal(message, ahead, 'DEADLINE_TOO_SHORT');
  }

  #refusal(message: string, rowsToWait: number, reason: string): RpcError {
    return resourceExhausted(message, Math.max(100, Math.ceil(rowsToWait * this.#rowMs)), reason);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#tasks.length > 0) {
      const batch = nextBatch(this.#tasks, performance.now(), this.#rowMs);
      await this.#turn(batch.slice(0, await this.#limitOf(batch)));
    }
    this.#running = false;
  }

  /** How many of the pictures may share a run; 1 when that can't be found out, and then the run will say why. */
  async #limitOf(batch: readonly Task[]): Promise<number> {
    const [first] = batch;
    if (!first || batch.length === 1) return 1;
    return await this.#limits.of(first.drawing).catch(() => 1);
  }

  /** One run for a batch of pictures; never rejects. */
  async #turn(batch: readonly Task[]): Promise<void> {
    const startTime = Date.now();
    let predicted: Predicted;
    try {
      predicted = await this.#denoiser.predict(batch.map(({ drawing }) => drawing));
    } catch (error) {
      for (const task of batch) this.#fail(task, error);
      return;
    }
    const rowMs = predicted.computeMs / batch.reduce((sum, { drawing }) => sum + drawing.rows, 0);
    this.#rowMs = this.#rowMs === 0 ? rowMs : this.#rowMs + NEWEST * (rowMs - this.#rowMs);
    for (const [i, task] of batch.entries()) {
      if (!this.#tasks.includes(task)) continue;
      this.#traceStep(task, startTime, batch.length, predicted.computeMs);
      try {
        const outcome = task.drawing.advance(predicted.outputs[i] as Float32Array);
        task.rowsLeft = task.drawing.rows * task.drawing.stepsLeft;
        if (outcome.image) this.#leave(task);
        task.stream.push(outcome);
      } catch (error) {
        this.#fail(task, error);
      }
    }
  }

  #fail(task: Task, error: unknown): void {
    task.span.setStatus({ code: SpanStatusCode.ERROR });
    if (error instanceof InferenceError) task.span.setAttribute('error.type', error.reason);
    this.#leave(task);
    task.stream.fail(error);
  }

  #traceStep({ context, drawing }: Task, startTime: number, pictures: number, computeMs: number): void {
    const attributes = {
      'diffusion.timestep': drawing.timestep,
      'diffusion.batch.pictures': pictures,
      'inference.compute_ms': computeMs,
    };
    tracer.startSpan('diffusion.step', { startTime, attributes }, context).end();
  }
}
