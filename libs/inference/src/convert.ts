/// <reference lib="esnext.float16" />
import { InferenceError } from './errors.ts';
import { type Tensor, type TensorArrays, type TensorType, tensor } from './tensor.ts';

/** Element types that numbers are converted between at a model's border; its weights keep their own. */
const FROM_NUMBERS: Partial<Record<TensorType, (values: ArrayLike<number>) => TensorArrays[TensorType]>> = {
  float32: (values) => Float32Array.from(values),
  float64: (values) => Float64Array.from(values),
  float16: (values) => new Uint16Array(Float16Array.from(values).buffer),
  int64: (values) => BigInt64Array.from(values, (value) => BigInt(Math.round(value))),
  int32: (values) => Int32Array.from(values, Math.round),
};

/**
 * The tensor in the element type a model declares; as it is when it has it already. Integers are rounded to.
 * @throws InferenceError INPUT_MISMATCH for a type that numbers aren't converted to.
 */
export function asType<T extends TensorType>(given: Tensor, type: T): Tensor<T> {
  if (given.type === type) return given as Tensor<T>;
  const convert = FROM_NUMBERS[type];
  if (!convert)
    throw new InferenceError('INPUT_MISMATCH', `A ${given.type} tensor cannot be given as ${type}`);
  return tensor(type, given.dims, convert(numbers(given)) as TensorArrays[T]);
}

/** The output `name` as float32, whichever float the model computes in. Throws RUN_FAILED when there is none. */
export function floatOutput(outputs: Readonly<Record<string, Tensor>>, name: string): Tensor<'float32'> {
  const output = outputs[name];
  if (output?.type === 'float32' || output?.type === 'float16' || output?.type === 'float64') {
    return asType(output, 'float32');
  }
  throw new InferenceError('RUN_FAILED', `The model gave no float output "${name}"`);
}

function numbers({ type, data }: Tensor): ArrayLike<number> {
  if (type === 'float16') return new Float16Array(data.buffer as ArrayBuffer, data.byteOffset, data.length);
  if (data instanceof BigInt64Array) return Array.from(data, Number);
  return data;
}
