/** The worker thread that owns ONNX Runtime sessions, mostly one. It never exits while computing: closing is a message. */
import os from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-node';
import { messageOf } from './channel.ts';
import { compute } from './compute.ts';
import { openOrtSession } from './ort.ts';
import type { Tensors, WorkerReply, WorkerRequest, WorkerSetup } from './protocol.ts';
import { releaseTensor } from './tensor.ts';

if (!parentPort) throw new Error('worker.ts runs as a worker thread only');
const own = workerData as WorkerSetup;

// On Linux a thread's niceness is its own and is inherited by the threads ONNX Runtime starts below.
if (own.niceness > 0 && process.platform === 'linux') os.setPriority(own.niceness);

// The binding takes float16 as raw bits only, but onnxruntime-common wraps it in Float16Array where that exists.
Reflect.deleteProperty(globalThis, 'Float16Array');

/**
 * What is being done, for one port or another. `session.run` yields once before it computes; without this chain a close could free
 * the model in between.
 */
let turn: Promise<void> = Promise.resolve();
await serve(parentPort, own);

/** Opens a model and computes for its port until that asks to close. The thread ends with the last open port. */
async function serve(port: MessagePort, setup: WorkerSetup): Promise<void> {
  const opened = await openOrtSession(setup);
  // ONNX Runtime has its own copy by now, and the thread's data lives as long as the thread.
  if (typeof setup.model !== 'string') releaseTensor({ data: setup.model });
  if ('reason' in opened) {
    reply(port, { kind: 'refused', ...opened });
    end(port);
    return;
  }
  const { session, inputs, outputs } = opened;
  port.on('message', (request: WorkerRequest) => {
    turn = turn.then(() => {
      if (request.kind === 'run') return run(port, session, request.id, request.feeds);
      if (request.kind === 'open') return serve(request.port, request.setup);
      return session.release().then(() => end(port));
    });
  });
  reply(port, { kind: 'ready', inputs, outputs });
}

async function run(port: MessagePort, session: InferenceSession, id: number, feeds: Tensors): Promise<void> {
  try {
    const { outputs, computeMs } = await compute(session, feeds);
    const buffers = Object.values(outputs).map(({ data }) => data.buffer);
    const moved = new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer));
    reply(port, { kind: 'result', id, outputs, computeMs }, [...moved]);
  } catch (error) {
    reply(port, { kind: 'failed', id, message: messageOf(error) });
  } finally {
    // They came to stay, and this thread makes too little garbage to collect any for dozens of runs.
    for (const feed of Object.values(feeds)) releaseTensor(feed);
  }
}

function end(port: MessagePort): void {
  reply(port, { kind: 'closed' });
  port.close();
}

function reply(port: MessagePort, message: WorkerReply, moved: ArrayBuffer[] = []): void {
  port.postMessage(message, moved);
}
