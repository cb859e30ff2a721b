/** The thread that writes watermarks. */
import { parentPort } from 'node:worker_threads';
import type { Answer, Order } from './aside.ts';
import { writeWatermark } from './watermark.ts';

parentPort?.on('message', ({ id, picture, payload }: Order) => {
  let answer: Answer;
  try {
    answer = { id, data: writeWatermark(picture, payload).data };
  } catch (error) {
    answer = { id, error: error as Error };
  }
  parentPort?.postMessage(answer);
});
