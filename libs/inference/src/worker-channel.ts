import { Worker } from 'node:worker_threads';
import type { Channel, ChannelEvents } from './channel.ts';
import { InferenceError } from './errors.ts';
import type { Tensors, WorkerReply, WorkerRequest, WorkerSetup } from './protocol.ts';

/**
 * One worker thread and the messages to and from it. It is never terminated: ending a thread inside ONNX Runtime's
 * `run()` aborts the process, so closing is a request that the worker obeys between two runs.
 */
export class WorkerChannel implements Channel {
  readonly #worker: Worker;
  readonly #name: string;
  #closing = false;
  #cause: unknown;

  constructor(script: URL, name: string, setup: WorkerSetup, events: ChannelEvents) {
    this.#name = name;
    this.#worker = new Worker(script, { workerData: setup, name: `inference ${name}` });
    this.#worker.on('message', (reply: WorkerReply) => events.reply(reply));
    this.#worker.on('messageerror', (error) => {
      this.#cause = error;
    });
    this.#worker.on('error', (error) => {
      this.#cause = error;
    });
    this.#worker.on('exit', (code) => events.gone(this.#verdict(code)));
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

  /** Asks the worker to release its session and end, after the run in hand. */
  close(): void {
    this.#closing = true;
    this.#post({ kind: 'close' }, []);
  }

  #post(request: WorkerRequest, moved: ArrayBuffer[]): void {
    this.#worker.postMessage(request, moved);
  }

  #verdict(code: number): InferenceError | undefined {
    if (this.#cause === undefined && code === 0 && this.#closing) return undefined;
    const detail = this.#cause instanceof Error ? this.#cause.message : `exit code ${code}`;
    return new InferenceError(
      'WORKER_CRASHED',
      `The worker of model "${this.#name}" died: ${detail}`,
      this.#cause,
    );
  }
}
