import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Channel, ChannelEvents } from './channel.ts';
import { InferenceError } from './errors.ts';
import type { Tensors, WorkerReply, WorkerRequest, WorkerSetup } from './protocol.ts';

/**
 * A model in a worker thread and the messages to and from it. The thread is never terminated: ending one inside ONNX Runtime's
 * `run()` aborts the process, so closing is a request that the worker obeys between two runs. It ends with its last model.
 */
export class WorkerChannel implements Channel {
  readonly #worker: Worker;
  readonly #port: Worker | MessagePort;
  readonly #name: string;
  readonly #events: ChannelEvents;
  #cause: unknown;
  #gone = false;

  private constructor(worker: Worker, port: Worker | MessagePort, name: string, events: ChannelEvents) {
    this.#worker = worker;
    this.#port = port;
    this.#name = name;
    this.#events = events;
    port.on('message', (reply: WorkerReply) => this.#onReply(reply));
    port.on('messageerror', (error) => {
      this.#cause = error;
    });
    worker.on('error', (error) => {
      this.#cause = error;
    });
    worker.on('exit', (code) => this.#end(this.#crash(code)));
  }

  /** A model in a thread of its own. */
  static alone(script: URL, name: string, setup: WorkerSetup, events: ChannelEvents): WorkerChannel {
    const worker = new Worker(script, { workerData: setup, name: `inference ${name}` });
    return new WorkerChannel(worker, worker, name, events);
  }

  /** Another model in this one's thread, where runs of both take turns. */
  beside(name: string, setup: WorkerSetup, events: ChannelEvents): WorkerChannel {
    const { port1, port2 } = new MessageChannel();
    const request: WorkerRequest = { kind: 'open', setup, port: port2 };
    this.#worker.postMessage(request, [port2]);
    return new WorkerChannel(this.#worker, port1, name, events);
  }

  /** Posts a run. Whole ArrayBuffers move to the worker; shared memory stays; partial views are copied. */
  run(id: number, feeds: Tensors): void {
    const moved = new Set<ArrayBuffer>();
    const posted: Record<string, Tensors[string]> = {};
    for (const [name, tensor] of Object.entries(feeds)) {
      const { buffer, byteLength } = tensor.data;
      const whole = byteLength === buffer.byteLength;
      posted[name] = whole ? tensor : { ...tensor, data: tensor.data.slice() };
      const owned = posted[name].data.buffer;
      if (owned instanceof ArrayBuffer) moved.add(owned);
    }
    this.#post({ kind: 'run', id, feeds: posted }, [...moved]);
  }

  /** Asks the worker to release the model after the run in hand, and to end when it has no other. */
  close(): void {
    this.#post({ kind: 'close' }, []);
  }

  #post(request: WorkerRequest, moved: ArrayBuffer[]): void {
    this.#port.postMessage(request, moved);
  }

  #onReply(reply: WorkerReply): void {
    if (reply.kind === 'closed') this.#end(undefined);
    else this.#events.reply(reply);
  }

  #end(error: InferenceError | undefined): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#events.gone(error);
  }

  #crash(code: number): InferenceError {
    const detail = this.#cause instanceof Error ? this.#cause.message : `exit code ${code}`;
    return new InferenceError(
      'WORKER_CRASHED',
      `The worker of model "${this.#name}" died: ${detail}`,
      this.#cause,
    );
  }
}
