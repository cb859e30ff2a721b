/** The thread that writes watermarks. */
import { parentPort } from 'node:worker_threads';
import type { Answer, Order } from './aside.ts';
import { markInPlace } from './watermark.ts';

parentPort?.on('message', ({ id, picture, payload }: Order) => {
  try {
    markInPlace(picture, payload);
    const { data } = picture;
    parentPort?.postMessage({ id, data } satisfies Answer, [data.buffer]);
  } catch (error) {
    parentPort?.postMessage({ id, error: error as Error } satisfies Answer);
  }
});
