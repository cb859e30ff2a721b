/** The worker thread that owns one ONNX Runtime session. It never exits while computing: closing is a message. */
import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-node';
import { messageOf } from './channel.ts';
import { compute } from './compute.ts';
import { openOrtSession } from './ort.ts';
import type { Tensors, WorkerReply, WorkerRequest, WorkerSetup } from './protocol.ts';
import { releaseTensor } from './tensor.ts';

const port = parentPort;
if (!port) throw new Error('worker.ts runs as a worker thread only');
const setup = workerData as WorkerSetup;

// On Linux a thread's niceness is its own and is inherited by the threads ONNX Runtime starts below.
if (setup.niceness > 0 && process.platform === 'linux') os.setPriority(setup.niceness);

// The binding takes float16 as raw bits only, but onnxruntime-common wraps it in Float16Array where that exists.
Reflect.deleteProperty(globalThis, 'Float16Array');

const opened = await openOrtSession(setup);
// ONNX Runtime has its own copy by now, and the thread's data lives as long as the thread.
if (typeof setup.model !== 'string') releaseTensor({ data: setup.model });
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
    const { outputs, computeMs } = await compute(session, feeds);
    const buffers = Object.values(outputs).map(({ data }) => data.buffer);
    const moved = new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer));
    reply({ kind: 'result', id, outputs, computeMs }, [...moved]);
  } catch (error) {
    reply({ kind: 'failed', id, message: messageOf(error) });
  } finally {
    // They came to stay, and this thread makes too little garbage to collect any for dozens of runs.
    for (const feed of Object.values(feeds)) releaseTensor(feed);
  }
}

async function close(session: InferenceSession): Promise<void> {
  await session.release();
  port?.close();
}

function reply(message: WorkerReply, moved: ArrayBuffer[] = []): void {
  port?.postMessage(message, moved);
}
