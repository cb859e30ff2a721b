import {
  DataType,
  type MessageInitShape,
  type TensorSchema,
  type Tensor as WireTensor,
} from '@atelier/contracts';
import type { Violation } from '@atelier/rpc';
import { elementCount, type Tensor, type TensorArrays, type TensorType } from './tensor.ts';

/** How each wire type lies in memory. Bytes are little-endian on the wire and on every machine Node runs on. */
const WIRE = {
  float32: { dtype: DataType.FLOAT32, array: Float32Array },
  float16: { dtype: DataType.FLOAT16, array: Uint16Array },
  int64: { dtype: DataType.INT64, array: BigInt64Array },
  int32: { dtype: DataType.INT32, array: Int32Array },
  uint8: { dtype: DataType.UINT8, array: Uint8Array },
} as const;
type WireType = keyof typeof WIRE;

/** A tensor as `atelier.type.v1.Tensor`, over the same memory. */
export function toWire(tensor: Tensor<WireType>): MessageInitShape<typeof TensorSchema> {
  const { buffer, byteOffset, byteLength } = tensor.data;
  return {
    dtype: WIRE[tensor.type].dtype,
    shape: [...tensor.dims],
    data: new Uint8Array(buffer, byteOffset, byteLength) as Uint8Array<ArrayBuffer>,
  };
}

/**
 * Reads a received tensor, copied (wire bytes lie at any offset, typed arrays must not).
 * @param shape sizes wanted, by axis; a string names a size that is free.
 * @returns the tensor, or what is wrong with it, for INVALID_ARGUMENT.
 */
export function fromWire<T extends WireType>(
  wire: WireTensor | undefined,
  field: string,
  type: T,
  shape: readonly (number | string)[],
): Tensor<T> | Violation {
  const wanted = `${type} of shape [${shape.join(', ')}]`;
  if (!wire) return { field, description: `required: ${wanted}` };
  const { dtype, array } = WIRE[type];
  const fits =
    wire.dtype === dtype &&
    wire.shape.length === shape.length &&
    shape.every((size, axis) =>
      typeof size === 'number' ? wire.shape[axis] === size : wire.shape[axis] !== 0,
    );
  if (!fits) {
    const name = Object.entries(WIRE).find(([, kind]) => kind.dtype === wire.dtype)?.[0] ?? 'unknown';
    const given = `${name} of shape [${wire.shape.join(', ')}]`;
    return { field, description: `must be ${wanted}, not ${given}` };
  }
  const bytes = elementCount(wire.shape) * array.BYTES_PER_ELEMENT;
  if (wire.data.byteLength !== bytes) {
    return { field, description: `must hold ${bytes} bytes for its shape, not ${wire.data.byteLength}` };
  }
  const data = new array(new Uint8Array(wire.data).buffer) as TensorArrays[TensorType];
  return { type, dims: wire.shape, data: data as TensorArrays[T] };
}

/** True for what `fromWire` returns when it found something wrong. */
export function isViolation(read: Tensor | Violation): read is Violation {
  return 'field' in read;
}
