/** A run of an open session on the calling thread. */
import { type InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Tensors } from './protocol.ts';
import type { Tensor, TensorArrays, TensorType } from './tensor.ts';

/** Outputs and the milliseconds inside ONNX Runtime. Blocks the thread; rejects with ONNX Runtime's own error. */
export async function compute(
  session: InferenceSession,
  feeds: Tensors,
): Promise<{ outputs: Tensors; computeMs: number }> {
  const inputs: Record<string, OrtTensor> = {};
  for (const [name, { type, dims, data }] of Object.entries(feeds))
    inputs[name] = new OrtTensor(type, data as never, dims);
  const started = performance.now();
  const results = await session.run(inputs);
  const computeMs = performance.now() - started;
  const outputs: Record<string, Tensor> = {};
  for (const [name, { type, dims, data }] of Object.entries(results))
    outputs[name] = { type: type as TensorType, dims, data: data as TensorArrays[TensorType] };
  return { outputs, computeMs };
}
