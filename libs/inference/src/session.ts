import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CallerChannel } from './caller-channel.ts';
import type { Channel, ChannelEvents } from './channel.ts';
import { checkFeeds } from './check-feeds.ts';
import { InferenceError } from './errors.ts';
import type { ModelReply, TensorSpec, Tensors, WorkerSetup } from './protocol.ts';
import { parseProviders } from './providers.ts';
import { WorkerChannel } from './worker-channel.ts';

export interface SessionOptions {
  /** What the model is called in errors and traces, e.g. `denoiser`. */
  readonly name: string;
  /** Threads within an operator; default 1. Give what the machine can spare: workers compete with each other. */
  readonly threads?: number;
  /** Execution providers in order of preference; default `['cpu']`. Unknown names are refused. */
  readonly providers?: readonly string[];
  /** Busy-wait between operators for longer than 50 µs: a little faster on idle cores, ruinous on contended ones; default false. */
  readonly spinning?: boolean;
  /** Linux niceness of a worker's computing threads, 0..19; default 0. Above 0 the event loop goes first. */
  readonly niceness?: number;
  /** Runs that may wait behind the one computing; default 64, then QUEUE_FULL. */
  readonly maxQueued?: number;
  /**
   * Compute on the calling thread where the model is of a few megabytes: it is blocked for a millisecond, and no other is woken
   * twice for a run. Default false. Larger models and float16 tensors get a worker all the same.
   */
  readonly inline?: boolean;
  /**
   * Compute in the worker thread of this session: about 10 MB less than with a thread of its own, and runs of both take turns. `niceness`
   * is that thread's. A session that has no worker gives this one a thread of its own.
   */
  readonly beside?: InferenceSession;
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

/** A loaded model, in a worker thread of its own unless it is inline. Runs are served one at a time, in order. */
export interface InferenceSession {
  readonly name: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Runs waiting or computing now. */
  readonly pending: number;
  /**
   * Computes the outputs. The feeds' buffers move to the worker (they are empty afterwards) unless they are shared
   * memory or the model is inline; a view on part of a buffer is copied.
   * @throws InferenceError INPUT_MISMATCH, QUEUE_FULL, RUN_FAILED, RUN_ABORTED, WORKER_CRASHED or SESSION_CLOSED.
   */
  run(feeds: Tensors, options?: RunOptions): Promise<Tensors>;
  /** As `run`, with the pure compute time. */
  runTimed(feeds: Tensors, options?: RunOptions): Promise<TimedRun>;
  /** Refuses waiting runs, lets the one computing finish, frees the model. Safe at any moment; idempotent. */
  close(): Promise<void>;
}

/** Size of the largest model that computes on its caller's thread. */
const MOST_INLINE_BYTES = 16 * 2 ** 20;

/**
 * Loads an ONNX model (a path, or its bytes).
 * @throws InferenceError UNKNOWN_PROVIDER, PROVIDER_UNAVAILABLE or MODEL_LOAD_FAILED.
 */
export async function createSession(
  model: string | Uint8Array,
  options: SessionOptions,
  workerScript: URL = new URL('./worker.ts', import.meta.url),
): Promise<InferenceSession> {
  if (options.inline && bytesOf(model) <= MOST_INLINE_BYTES) {
    // One thread: a second one would have to be woken for each operator.
    const single = { ...options, threads: 1 };
    const session = await open(model, single, (setup, events) => new CallerChannel(setup, events));
    // The binding takes float16 as raw bits, which need a global of their own thread gone: see worker.ts.
    if (![...session.inputs, ...session.outputs].some(({ type }) => type === 'float16')) return session;
    await session.close();
  }
  const host = options.beside && workers.get(options.beside);
  let channel: WorkerChannel | undefined;
  const session = await open(model, options, (setup, events) => {
    channel = host
      ? host.beside(options.name, setup, events)
      : WorkerChannel.alone(workerScript, options.name, setup, events);
    return channel;
  });
  if (channel) workers.set(session, channel);
  return session;
}

/** Of sessions that have a worker, the way there. */
const workers = new WeakMap<InferenceSession, WorkerChannel>();

/** Size of a model with all that lies beside it, such as weights in files of their own; 0 where there is nothing to open. */
function bytesOf(model: string | Uint8Array): number {
  if (typeof model !== 'string') return model.byteLength;
  if (!existsSync(model)) return 0; // whoever opens it says so
  const folder = dirname(model);
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { name }) => sum + statSync(join(folder, name)).size, 0);
}

type OpenChannel = (setup: WorkerSetup, events: ChannelEvents) => Channel;

const open = (
  model: string | Uint8Array,
  options: SessionOptions,
  openChannel: OpenChannel,
): Promise<InferenceSession> =>
  new Promise((resolve, reject) => {
    const session: QueuedSession = new QueuedSession(model, options, openChannel, {
      opened: () => resolve(session),
      refused: reject,
    });
  });

interface Waiting {
  readonly feeds: Tensors;
  settle(result: TimedRun | InferenceError): void;
}

class QueuedSession implements InferenceSession {
  readonly name: string;
  inputs: readonly TensorSpec[] = [];
  outputs: readonly TensorSpec[] = [];
  readonly #channel: Channel;
  readonly #maxQueued: number;
  readonly #waiting: Waiting[] = [];
  readonly #gone = Promise.withResolvers<void>();
  /** Whoever waits for the model to be open; forgotten then, and with it the model's bytes. */
  #opening: { opened(): void; refused(error: InferenceError): void } | undefined;
  #computing: { id: number; item: Waiting } | undefined;
  #nextId = 1;
  #dead: InferenceError | undefined;

  constructor(
    model: string | Uint8Array,
    options: SessionOptions,
    openChannel: OpenChannel,
    opening: { opened(): void; refused(error: InferenceError): void },
  ) {
    this.name = options.name;
    this.#opening = opening;
    this.#maxQueued = options.maxQueued ?? 64;
    const { threads = 1, spinning = false, niceness = 0 } = options;
    const providers = parseProviders(options.providers ?? ['cpu']);
    const setup = { model, threads, providers, spinning, niceness };
    this.#channel = openChannel(setup, {
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

  #onReply(reply: ModelReply): void {
    if (reply.kind === 'ready') {
      this.inputs = reply.inputs;
      this.outputs = reply.outputs;
      this.#opening?.opened();
      this.#opening = undefined;
    } else if (reply.kind === 'refused') {
      this.#dead = new InferenceError(reply.reason, `Model "${this.name}": ${reply.message}`);
      this.#opening?.refused(this.#dead);
      this.#opening = undefined;
    } else {
      const item = this.#computing?.item;
      this.#computing = undefined;
      item?.settle(reply.kind === 'result' ? reply : this.#error('RUN_FAILED', `failed: ${reply.message}`));
      this.#dispatch();
    }
  }

  #onGone(error: InferenceError | undefined): void {
    const crash = error ?? this.#error('SESSION_CLOSED', 'is closed');
    this.#opening?.refused(crash);
    this.#opening = undefined;
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
