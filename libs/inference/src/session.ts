import { checkFeeds } from './check-feeds.ts';
import { InferenceError } from './errors.ts';
import type { TensorSpec, Tensors, WorkerReply } from './protocol.ts';
import { parseProviders } from './providers.ts';
import { WorkerChannel } from './worker-channel.ts';

export interface SessionOptions {
  /** What the model is called in errors and traces, e.g. `denoiser`. */
  readonly name: string;
  /** Threads within an operator; default 1. Give what the machine can spare: workers compete with each other. */
  readonly threads?: number;
  /** Execution providers in order of preference; default `['cpu']`. Unknown names are refused. */
  readonly providers?: readonly string[];
  /** Busy-wait between operators: faster on idle cores, ruinous on contended ones; default false. */
  readonly spinning?: boolean;
  /** Linux niceness of the computing threads, 0..19; default 0. Above 0 the event loop goes first. */
  readonly niceness?: number;
  /** Runs that may wait behind the one computing; default 64, then QUEUE_FULL. */
  readonly maxQueued?: number;
}

export interface RunOptions {
  /** Takes a waiting run out of the queue; for one already computing the result is dropped when it comes. */
  readonly signal?: AbortSignal;
}

/** A model's answer and how long ONNX Runtime computed, without queueing and messages. */
export interface TimedRun {
  readonly outputs: Tensors;
  readonly computeMs: number;
}

/** A loaded model in a worker thread of its own. Runs are served one at a time, in order. */
export interface InferenceSession {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Runs waiting or computing now. */
  readonly pending: number;
  /**
   * Computes the outputs. The feeds' buffers move to the worker (they are empty afterwards) unless they are shared
   * memory; a view on part of a buffer is copied.
   * @throws InferenceError INPUT_MISMATCH, QUEUE_FULL, RUN_FAILED, RUN_ABORTED, WORKER_CRASHED or SESSION_CLOSED.
   */
  run(feeds: Tensors, options?: RunOptions): Promise<Tensors>;
  /** As `run`, with the pure compute time. */
  runTimed(feeds: Tensors, options?: RunOptions): Promise<TimedRun>;
  /** Refuses waiting runs, lets the one computing finish, frees the model. Safe at any moment; idempotent. */
  close(): Promise<void>;
}

/**
 * Loads an ONNX model (a path, or its bytes) in a new worker thread.
 * @throws InferenceError UNKNOWN_PROVIDER, PROVIDER_UNAVAILABLE or MODEL_LOAD_FAILED.
 */
export function createSession(
  model: string | Uint8Array,
  options: SessionOptions,
  workerScript: URL = new URL('./worker.ts', import.meta.url),
): Promise<InferenceSession> {
  return new Promise((resolve, reject) => {
    const session: WorkerSession = new WorkerSession(model, options, workerScript, {
      opened: () => resolve(session),
      refused: reject,
    });
  });
}

interface Waiting {
  readonly feeds: Tensors;
  settle(result: TimedRun | InferenceError): void;
}

class WorkerSession implements InferenceSession {
  readonly name: string;
  inputs: readonly TensorSpec[] = [];
  outputs: readonly TensorSpec[] = [];
  readonly #channel: WorkerChannel;
  readonly #maxQueued: number;
  readonly #waiting: Waiting[] = [];
  readonly #gone = Promise.withResolvers<void>();
  readonly #opening: { opened(): void; refused(error: InferenceError): void };
  #computing: { id: number; item: Waiting } | undefined;
  #nextId = 1;
  #dead: InferenceError | undefined;

  constructor(
    model: string | Uint8Array,
    options: SessionOptions,
    workerScript: URL,
    opening: { opened(): void; refused(error: InferenceError): void },
  ) {
    this.name = options.name;
    this.#opening = opening;
    this.#maxQueued = options.maxQueued ?? 64;
    const { threads = 1, spinning = false, niceness = 0 } = options;
    const providers = parseProviders(options.providers ?? ['cpu']);
    const setup = { model, threads, providers, spinning, niceness };
    this.#channel = new WorkerChannel(workerScript, options.name, setup, {
      reply: (reply) => this.#onReply(reply),
      gone: (error) => this.#onGone(error),
    });
  }

  get pending(): number {
    return this.#waiting.length + (this.#computing ? 1 : 0);
  }

  async run(feeds: Tensors, options?: RunOptions): Promise<Tensors> {
    return (await this.runTimed(feeds, options)).outputs;
  }

  async runTimed(feeds: Tensors, { signal }: RunOptions = {}): Promise<TimedRun> {
    if (this.#dead) throw this.#dead;
    if (signal?.aborted) throw this.#error('RUN_ABORTED', 'was aborted before its run');
    checkFeeds(this.name, this.inputs, feeds);
    if (this.#waiting.length >= this.#maxQueued) {
      throw this.#error('QUEUE_FULL', `has ${this.#maxQueued} runs waiting already`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<TimedRun>();
    const settle = (result: TimedRun | InferenceError): void => {
      signal?.removeEventListener('abort', abort);
      if (result instanceof InferenceError) reject(result);
      else resolve(result);
    };
    const item: Waiting = { feeds, settle };
    const abort = (): void => {
      const place = this.#waiting.indexOf(item);
      if (place >= 0) this.#waiting.splice(place, 1);
      settle(this.#error('RUN_ABORTED', 'had its run aborted'));
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.push(item);
    this.#dispatch();
    return promise;
  }

  async close(): Promise<void> {
    if (!this.#dead) {
      this.#die(this.#error('SESSION_CLOSED', 'is closed'));
      this.#channel.close();
    }
    await this.#gone.promise;
  }

  #dispatch(): void {
    if (this.#computing || this.#dead) return;
    const item = this.#waiting.shift();
    if (!item) return;
    const id = this.#nextId++;
    this.#computing = { id, item };
    try {
      this.#channel.run(id, item.feeds);
    } catch (error) {
      this.#computing = undefined;
      item.settle(this.#error('INPUT_MISMATCH', 'was given tensors that cannot be moved', error));
      this.#dispatch();
    }
  }

  #onReply(reply: WorkerReply): void {
    if (reply.kind === 'ready') {
      this.inputs = reply.inputs;
      this.outputs = reply.outputs;
      this.#opening.opened();
    } else if (reply.kind === 'refused') {
      this.#dead = new InferenceError(reply.reason, `Model "${this.name}": ${reply.message}`);
      this.#opening.refused(this.#dead);
    } else {
      const item = this.#computing?.item;
      this.#computing = undefined;
      item?.settle(reply.kind === 'result' ? reply : this.#error('RUN_FAILED', `failed: ${reply.message}`));
      this.#dispatch();
    }
  }

  #onGone(error: InferenceError | undefined): void {
    const crash = error ?? this.#error('SESSION_CLOSED', 'is closed');
    this.#opening.refused(crash);
    this.#computing?.item.settle(crash);
    this.#computing = undefined;
    if (!this.#dead) this.#die(crash);
    this.#gone.resolve();
  }

  #die(error: InferenceError): void {
    this.#dead = error;
    for (const item of this.#waiting.splice(0)) item.settle(error);
  }

  #error(reason: InferenceError['reason'], what: string, cause?: unknown): InferenceError {
    return new InferenceError(reason, `Model "${this.name}" ${what}`, cause);
  }
}
