import { InferenceError } from './errors.ts';

/** Element types that cross the worker border, and the typed array each lives in (float16 as raw bits). */
export interface TensorArrays {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  int64: BigInt64Array;
  int32: Int32Array;
  int8: Int8Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}
export type TensorType = keyof TensorArrays;

/** A dense row-major tensor. `data.length` equals the product of `dims`. */
export interface Tensor<T extends TensorType = TensorType> {
  readonly type: T;
  readonly dims: readonly number[];
  readonly data: TensorArrays[T];
}

/** Number of elements of a shape; 1 for a scalar (`[]`). */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Makes a tensor. Throws INPUT_MISMATCH when `data` doesn't hold exactly the elements of `dims`. */
export function tensor<T extends TensorType>(
  type: T,
  dims: readonly number[],
  data: TensorArrays[T],
): Tensor<T> {
  if (!dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0) || elementCount(dims) !== data.length) {
    throw new InferenceError(
      'INPUT_MISMATCH',
      `A ${type} tensor of shape [${dims.join(', ')}] cannot hold ${data.length} elements`,
    );
  }
  return { type, dims, data };
}

/**
 * A float32 tensor over shared memory (zeros). A run neither moves nor copies it, so it suits inputs that stay the same
 * over many runs; don't write to it while a run reads it.
 */
export function sharedFloat32(dims: readonly number[]): Tensor<'float32'> {
  return tensor('float32', dims, new Float32Array(new SharedArrayBuffer(4 * elementCount(dims))));
}

/**
 * Gives a large tensor's memory back now instead of at some collection of garbage: the planes of a picture of 1,024 pixels are 12 MB. `data` is empty afterwards; so is every other view of its buffer. Shared memory stays as it is.
 */
export function releaseTensor({ data }: Pick<Tensor, 'data'>): void {
  if (data.buffer instanceof ArrayBuffer && !data.buffer.detached) data.buffer.transfer(0);
}

/** The output `name` as float32. Throws RUN_FAILED when it is missing or of another type. */
export function float32Output(outputs: Readonly<Record<string, Tensor>>, name: string): Tensor<'float32'> {
  const output = outputs[name];
  if (output?.type !== 'float32') {
    throw new InferenceError('RUN_FAILED', `The model gave no float32 output "${name}"`);
  }
  return output as Tensor<'float32'>;
}

/** True when every element is a finite number. One pass: a NaN or infinity survives in the sum of x·0. */
export function allFinite(data: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (data[i] as number) * 0;
  return sum === 0;
}
