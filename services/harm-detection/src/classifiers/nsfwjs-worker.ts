/** The thread that owns TensorFlow.js: its WebAssembly backend computes on the thread that calls it. */

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { div, env, mean, setBackend, type Tensor, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { ThreadReply, ThreadRequest, ThreadSetup } from './nsfwjs-protocol.ts';

const port = parentPort;
if (port === null) throw new Error('nsfwjs-worker.ts runs as a worker thread only');
const { weights, side } = workerData as ThreadSetup;

// The .wasm files lie in the package; without this the backend would look for them on a web server.
setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
// One thread is enough for a 224×224 MobileNet, and the cores belong to the diffusion model.
env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
if (!(await setBackend('wasm'))) throw new Error('the WebAssembly backend of TensorFlow.js did not start');
const model = await loadLayersModel({
  load: async () => ({
    modelTopology: weights.modelTopology,
    weightSpecs: weights.weightSpecs as never,
    weightData: weights.weightData,
  }),
});

port.on('message', ({ id, views }: ThreadRequest) => {
  reply(classify(id, views));
});
// The first run compiles and allocates: on a busy machine it takes seconds, which no request should wait for.
classify(0, [new Uint8Array(side * side * 3), new Uint8Array(side * side * 3)]);
reply({ kind: 'ready' });

function classify(id: number, views: readonly Uint8Array[]): ThreadReply {
  try {
    const pixels = new Float32Array(views.length * side * side * 3);
    views.forEach((view, index) => {
      pixels.set(view, index * side * side * 3);
    });
    const output = tidy(() => {
      const input = div(tensor4d(pixels, [views.length, side, side, 3]), 255);
      return mean(model.predict(input) as Tensor, 0).arraySync() as number[];
    });
    return { kind: 'scores', id, scores: output };
  } catch (error) {
    return { kind: 'failed', id, message: error instanceof Error ? error.message : String(error) };
  }
}

function reply(message: ThreadReply): void {
  port?.postMessage(message);
}
