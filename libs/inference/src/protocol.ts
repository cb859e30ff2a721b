import type { MessagePort } from 'node:worker_threads';
import type { InferenceReason } from './errors.ts';
import type { Provider } from './providers.ts';
import type { Tensor, TensorType } from './tensor.ts';

/** How a worker opens a model: its first, as `workerData`, or another one. */
export interface WorkerSetup {
  readonly model: string | Uint8Array;
  readonly threads: number;
  readonly providers: readonly Provider[];
  readonly spinning: boolean;
  readonly niceness: number;
}

/** A model input or output. A dimension is a size, or the name of one that is free (`''` when it has none). */
export interface TensorSpec {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly (number | string)[];
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** Main thread → worker. */
export type WorkerRequest =
  | { readonly kind: 'run'; readonly id: number; readonly feeds: Tensors }
  | { readonly kind: 'open'; readonly setup: WorkerSetup; readonly port: MessagePort }
  | { readonly kind: 'close' };

/** What a model answers. `computeMs` is the time inside ONNX Runtime alone. */
export type ModelReply =
  | { readonly kind: 'ready'; readonly inputs: TensorSpec[]; readonly outputs: TensorSpec[] }
  | { readonly kind: 'refused'; readonly reason: InferenceReason; readonly message: string }
  | { readonly kind: 'result'; readonly id: number; readonly outputs: Tensors; readonly computeMs: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** Worker → main thread. */
export type WorkerReply = ModelReply | { readonly kind: 'closed' };
