/** nsfwjs as a member of the ensemble: five classes of photographs and drawings, computed in a thread of its own. */
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { internal, RpcError, resourceExhausted } from '@atelier/rpc';
import type { Pixels } from '../picture.ts';
import type { Classifier, ClassifierVersion } from './classifier.ts';
import type { ThreadReply, ThreadRequest, ThreadSetup } from './nsfwjs-protocol.ts';
import { CLASSES, INPUT_SIDE, type NsfwWeights, readWeights } from './nsfwjs-weights.ts';
import { views } from './views.ts';

export interface NsfwOptions {
  /** Pictures that may wait or compute at once. */
  readonly maxQueued: number;
  /** A thread that does not answer for so long is replaced, milliseconds. */
  readonly timeoutMs: number;
}

/** What a caller is told to wait when the queue is full: about one picture's time, milliseconds. */
const RETRY_AFTER_MS = 200;

/** Loads the classifier. @throws Error when the package's weights or WebAssembly can't be loaded. */
export async function createNsfwClassifier(options: NsfwOptions): Promise<Classifier> {
  const weights = await readWeights();
  const classifier = new NsfwClassifier(weights, options);
  await classifier.ready();
  return classifier;
}

interface Waiting {
  readonly result: PromiseWithResolvers<readonly number[]>;
  readonly timer: NodeJS.Timeout;
}

class NsfwClassifier implements Classifier {
  readonly version: ClassifierVersion;
  readonly #weights: NsfwWeights;
  readonly #options: NsfwOptions;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Promise<Worker> | undefined;
  #next = 0;
  #pending = 0;
  #closed = false;

  constructor(weights: NsfwWeights, options: NsfwOptions) {
    this.#weights = weights;
    this.#options = options;
    this.version = { name: 'nsfwjs/mobilenet_v2', version: packageVersion(), sha256: weights.sha256 };
  }

  async ready(): Promise<void> {
    await this.#worker();
  }

  async classify(picture: Pixels, signal: AbortSignal): Promise<Readonly<Record<string, number>>> {
    if (this.#pending >= this.#options.maxQueued) {
      throw resourceExhausted('too many pictures wait to be judged', RETRY_AFTER_MS, 'QUEUE_FULL');
    }
    this.#pending++;
    try {
      const inputs = await views(picture, INPUT_SIDE);
      const worker = await this.#worker();
      signal.throwIfAborted();
      const scores = await this.#ask(worker, inputs);
      return Object.fromEntries(CLASSES.map((name, index) => [name, scores[index] ?? Number.NaN]));
    } catch (error) {
      if (error instanceof RpcError || signal.aborted) throw RpcError.from(error);
      throw internal('the picture could not be judged', error);
    } finally {
      this.#pending--;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = await this.#thread?.catch(() => undefined);
    await worker?.terminate();
  }

  #ask(worker: Worker, inputs: readonly Uint8Array[]): Promise<readonly number[]> {
    const id = this.#next++;
    const result = Promise.withResolvers<readonly number[]>();
    const timer = setTimeout(() => {
      this.#drop(worker, new Error(`no answer within ${this.#options.timeoutMs} ms`));
    }, this.#options.timeoutMs);
    this.#waiting.set(id, { result, timer });
    worker.postMessage({ id, views: inputs } satisfies ThreadRequest);
    return result.promise;
  }

  /** The thread; a new one when there is none or the last one died. */
  #worker(): Promise<Worker> {
    if (this.#closed) return Promise.reject(new Error('the classifier is closed'));
    this.#thread ??= this.#start();
    return this.#thread;
  }

  #start(): Promise<Worker> {
    const setup: ThreadSetup = { weights: this.#weights, side: INPUT_SIDE };
    const worker = new Worker(new URL('./nsfwjs-worker.ts', import.meta.url), {
      workerData: setup,
      name: 'nsfwjs',
    });
    const started = Promise.withResolvers<Worker>();
    worker.on('message', (reply: ThreadReply) => {
      if (reply.kind === 'ready') started.resolve(worker);
      else if (reply.kind === 'scores') this.#settle(reply.id, (result) => result.resolve(reply.scores));
      else this.#settle(reply.id, (result) => result.reject(new Error(reply.message)));
    });
    const gone = (error: Error): void => {
      started.reject(error);
      this.#drop(worker, error);
    };
    worker.on('error', gone);
    worker.on('exit', (code) => gone(new Error(`the thread ended with code ${code}`)));
    return started.promise;
  }

  #settle(id: number, act: (result: PromiseWithResolvers<readonly number[]>) => void): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    act(waiting.result);
  }

  /** Fails whoever waits; the next picture starts a new thread. */
  #drop(worker: Worker, error: Error): void {
    this.#thread = undefined;
    worker.removeAllListeners('exit');
    void worker.terminate();
    for (const id of [...this.#waiting.keys()]) this.#settle(id, (result) => result.reject(error));
  }
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    dependencies: { nsfwjs: string };
  };
  return manifest.dependencies.nsfwjs;
}
