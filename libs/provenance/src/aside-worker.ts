/** The thread that writes watermarks. */
import { parentPort } from 'node:worker_threads';
import type { Answer, Order } from './aside.ts';
import { writeWatermark } from './watermark.ts';

parentPort?.on('message', ({ id, picture, payload }: Order) => {
  try {
    const { data } = writeWatermark(picture, payload);
    // The picture came as a copy of its own: it needn't be copied back.
    parentPort?.postMessage({ id, data } satisfies Answer, [data.buffer as ArrayBuffer]);
  } catch (error) {
    parentPort?.postMessage({ id, error: error as Error } satisfies Answer);
  }
});
