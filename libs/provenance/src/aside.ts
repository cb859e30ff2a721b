/** Watermarks written in a thread of their own: a picture of 1,024 pixels takes 0.1 s, and services answer meanwhile. */
import { isMarkedAsUntransferable, Worker } from 'node:worker_threads';
import type { Rgb } from './plane.ts';

export interface Order {
  readonly id: number;
  /** The thread's own: it is marked as it is. */
  readonly picture: Rgb & { readonly data: Uint8Array<ArrayBuffer> };
  readonly payload: number;
}

export type Answer = { readonly id: number } & (
  | { readonly data: Uint8Array<ArrayBuffer> }
  | { readonly error: Error }
);

type Waiting = PromiseWithResolvers<Uint8Array<ArrayBuffer>>;

let thread: { worker: Worker; waiting: Map<number, Waiting> } | undefined;
let orders = 0;

/**
 * {@link writeWatermark}, without keeping the caller's thread; the answer's bytes are its own. The picture's move to the thread where
 * they fill their buffer: it is empty afterwards. Rejects when the thread dies; the next call starts another.
 */
export async function writeWatermarkAside<P extends Rgb>(
  picture: P,
  payload: number,
): Promise<P & { data: Uint8Array<ArrayBuffer> }> {
  thread ??= start();
  const { worker, waiting } = thread;
  const id = orders++;
  const answer = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  waiting.set(id, answer);
  worker.ref();
  const { width, height } = picture;
  const data = movable(picture.data);
  worker.postMessage({ id, picture: { width, height, data }, payload } satisfies Order, [data.buffer]);
  return { ...picture, data: await answer.promise };
}

/** Bytes more in a buffer than a picture has, for it to be the picture's: a message that it came in has a few hundred. */
const SLACK = 4_096;

/** The bytes themselves where a message may take them along, or a copy. */
function movable(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = data;
  const free = buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer);
  return free && buffer.byteLength < byteLength + SLACK
    ? (data as Uint8Array<ArrayBuffer>)
    : new Uint8Array(data);
}

function start() {
  const worker = new Worker(new URL('./aside-worker.ts', import.meta.url));
  const waiting = new Map<number, Waiting>();
  worker.unref();
  worker.on('message', (answer: Answer) => {
    const own = waiting.get(answer.id);
    waiting.delete(answer.id);
    // An idle thread keeps no process alive.
    if (waiting.size === 0) worker.unref();
    if ('error' in answer) own?.reject(answer.error);
    else own?.resolve(answer.data);
  });
  worker.on('error', (error: unknown) => {
    thread = undefined;
    for (const own of waiting.values()) own.reject(error);
  });
  return { worker, waiting };
}
