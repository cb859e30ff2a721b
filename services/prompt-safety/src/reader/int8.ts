/** Matrices in int8, as ONNX Runtime multiplies with them. Pure; loops are plain, for there are 22 million weights. */
import type { Weight } from './safetensors.ts';

/**
 * Largest code. Seven bits and not eight: without VNNI, x86 adds two products of bytes in 16 bits, which eight would overflow
 * (ONNX Runtime's "reduce_range").
 */
const LARGEST = 63;
/** Rows of an adapter that are added at once, so that the matrix is walked through less often. */
const AT_ONCE = 4;

/** value = code · scale of its row. */
export interface Quantized {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
}

/** A matrix [rows, columns] row by row; `transposed` lays the codes out as [columns, rows]. */
export function quantized({ shape, values }: Weight, transposed: boolean): Quantized {
  const [rows = 0, columns = 0] = shape;
  const codes = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  const [rowStep, columnStep] = transposed ? [1, rows] : [columns, 1];
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    let most = 0;
    for (let column = 0; column < columns; column++) {
      const size = Math.abs(own[column] as number);
      if (size > most) most = size;
    }
    const scale = most / LARGEST || 1;
    scales[row] = scale;
    let at = row * rowStep;
    for (let column = 0; column < columns; column++, at += columnStep)
      // Rounds as Math.round does, in a fraction of the time.
      codes[at] = (((own[column] as number) / scale + LARGEST + 0.5) | 0) - LARGEST;
  }
  return { codes, scales };
}

/** value = (code - 128) · scale of its block: `BLOCK` columns of a row, a last one filled up with zeros. */
export interface Blocks {
  /** Rows · blocks · `BLOCK`. */
  readonly codes: Uint8Array;
  /** Rows · blocks. */
  readonly scales: Float32Array;
  /** Blocks of a row. */
  readonly count: number;
}

/** Columns of a row that share a scale. */
export const BLOCK = 128;
const ZERO = 128;

/** A matrix [rows, columns] block by block, in eight bits: ONNX Runtime's MatMulNBits has no sums that overflow. */
export function inBlocks({ shape, values }: Weight): Blocks {
  const [rows = 0, columns = 0] = shape;
  const count = Math.ceil(columns / BLOCK);
  const codes = new Uint8Array(rows * count * BLOCK).fill(ZERO);
  const scales = new Float32Array(rows * count);
  for (let block = 0; block < rows * count; block++) {
    const row = Math.floor(block / count);
    const first = (block % count) * BLOCK;
    const own = values.subarray(row * columns + first, row * columns + Math.min(columns, first + BLOCK));
    let most = 0;
    for (const value of own) most = Math.max(most, Math.abs(value));
    const scale = most / (ZERO - 1) || 1;
    scales[block] = scale;
    for (let i = 0; i < own.length; i++)
      codes[block * BLOCK + i] = ((own[i] as number) / scale + ZERO + 0.5) | 0;
  }
  return { codes, scales, count };
}

/** weight + up · down (LoRA, Hu et al. 2021): weight [out, in], down [rank, in], up [out, rank], the rank a multiple of four. */
export function adapted(weight: Weight, down: Weight, up: Weight): Weight {
  const [outs = 0, ins = 0] = weight.shape;
  const [rank = 0] = down.shape;
  if (rank % AT_ONCE !== 0)
    throw new RangeError(`an adapter's rank is a multiple of ${AT_ONCE}, not ${rank}`);
  const values = weight.values.slice();
  for (let out = 0; out < outs; out++) {
    const own = values.subarray(out * ins, (out + 1) * ins);
    for (let r = 0; r < rank; r += AT_ONCE) {
      const [a, b, c, d] = up.values.subarray(out * rank + r) as unknown as [number, number, number, number];
      const [first, second, third, fourth] = [0, 1, 2, 3].map((i) =>
        down.values.subarray((r + i) * ins, (r + i + 1) * ins),
      ) as [Float32Array, Float32Array, Float32Array, Float32Array];
      for (let i = 0; i < ins; i++)
        own[i] =
          (own[i] as number) +
          a * (first[i] as number) +
          b * (second[i] as number) +
          c * (third[i] as number) +
          d * (fourth[i] as number);
    }
  }
  return { shape: weight.shape, values };
}
