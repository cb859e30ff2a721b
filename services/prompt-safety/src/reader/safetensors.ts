/** The safetensors format (github.com/huggingface/safetensors): a JSON header, then the values of each tensor. */
/// <reference lib="esnext.float16" />
import { z } from 'zod';

/** Values of a tensor, row-major. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Tensors by name. @throws Error naming one that is not there. */
export type Weights = (name: string) => Weight;

const headerSchema = z.record(
  z.string(),
  z.union([
    z.object({
      dtype: z.enum(['F32', 'F16', 'I64']),
      shape: z.array(z.int().min(0)),
      data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
    }),
    z.record(z.string(), z.string()),
  ]),
);

/** Opens a file's bytes; `source` names it in errors. @throws Error for what is not a safetensors file. */
export function readSafetensors(bytes: Uint8Array, source: string): Weights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.byteLength < 8 ? Number.NaN : Number(view.getBigUint64(0, true));
  if (!(8 + length <= bytes.byteLength)) throw new Error(`${source} is no safetensors file, or cut off`);
  const header = headerSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))));
  return (name) => {
    const entry = header[name];
    if (entry === undefined || !('dtype' in entry)) throw new Error(`${source} has no tensor "${name}"`);
    const { dtype, shape, data_offsets: offsets } = entry as Exclude<typeof entry, Record<string, string>>;
    const [start, end] = offsets.map((offset) => 8 + length + offset) as [number, number];
    const size = shape.reduce((product, side) => product * side, 1);
    const width = { F32: 4, F16: 2, I64: 8 }[dtype];
    if (end > bytes.byteLength || end - start !== size * width)
      throw new Error(`${source} is cut off at tensor "${name}"`);
    // A copy: the values of a file lie where they lie, not where a typed array may begin.
    const own = new Uint8Array(bytes.subarray(start, end)).buffer;
    if (dtype === 'I64') throw new Error(`tensor "${name}" of ${source} holds integers`);
    return {
      shape,
      values: dtype === 'F32' ? new Float32Array(own) : Float32Array.from(new Float16Array(own)),
    };
  };
}
