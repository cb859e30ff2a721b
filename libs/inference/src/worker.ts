/** The worker thread that owns one ONNX Runtime session. It never exits while computing: closing is a message. */
import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { openOrtSession } from './ort.ts';
import type { Tensors, WorkerReply, WorkerRequest, WorkerSetup } from './protocol.ts';
import type { Tensor, TensorArrays, TensorType } from './tensor.ts';

const port = parentPort;
if (!port) throw new Error('worker.ts runs as a worker thread only');
const setup = workerData as WorkerSetup;

// On Linux a thread's niceness is its own and is inherited by the threads ONNX Runtime starts below.
if (setup.niceness > 0 && process.platform === 'linux') os.setPriority(setup.niceness);

// The binding takes float16 as raw bits only, but onnxruntime-common wraps it in Float16Array where that exists.
Reflect.deleteProperty(globalThis, 'Float16Array');

const opened = await openOrtSession(setup);
if ('reason' in opened) {
  reply({ kind: 'refused', ...opened });
  port.close();
} else {
  const { session, inputs, outputs } = opened;
  // `session.run` yields once before it computes; without this chain a close could free the model in between.
  let turn: Promise<void> = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    turn = turn.then(() =>
      request.kind === 'run' ? run(session, request.id, request.feeds) : close(session),
    );
  });
  reply({ kind: 'ready', inputs, outputs });
}

async function run(session: InferenceSession, id: number, feeds: Tensors): Promise<void> {
  try {
    const inputs: Record<string, OrtTensor> = {};
    for (const [name, { type, dims, data }] of Object.entries(feeds)) {
      inputs[name] = new OrtTensor(type, data as never, dims);
    }
    const started = performance.now();
    const results = await session.run(inputs);
    const computeMs = performance.now() - started;
    const outputs: Record<string, Tensor> = {};
    const moved = new Set<ArrayBuffer>();
    for (const [name, result] of Object.entries(results)) {
      const data = result.data as TensorArrays[TensorType];
      outputs[name] = { type: result.type as TensorType, dims: result.dims, data };
      if (data.buffer instanceof ArrayBuffer) moved.add(data.buffer);
    }
    reply({ kind: 'result', id, outputs, computeMs }, [...moved]);
  } catch (error) {
    reply({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
}

async function close(session: InferenceSession): Promise<void> {
  await session.release();
  port?.close();
}

function reply(message: WorkerReply, moved: ArrayBuffer[] = []): void {
  port?.postMessage(message, moved);
}
