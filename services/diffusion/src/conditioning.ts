import { type Tensor, tensor } from '@atelier/inference';

/** What a picture is steered by: one text's embedding. */
export interface Conditioning {
  /** Hidden states [S, dim]. */
  readonly states: Tensor<'float32'>;
  /** 1 for states to attend to, 0 for padding, [S]. */
  readonly mask: Tensor<'int64'>;
  /** Sentence embedding, of a width of its own. */
  readonly pooled: Tensor<'float32'>;
}

/** The conditionings of a picture's rows, stacked in shared memory so that no step moves or copies them. */
export interface StackedConditioning {
  /** [rows, S, dim] */
  readonly states: Tensor<'float32'>;
  /** [rows, S] */
  readonly mask: Tensor<'int64'>;
  /** [rows, width] */
  readonly pooled: Tensor<'float32'>;
}

/** Stacks conditionings of the same widths, the shorter ones padded with masked zeros to the longest. */
export function stackConditionings(rows: readonly Conditioning[]): StackedConditioning {
  const dim = rows[0]?.states.dims[1] ?? 0;
  const pooledDim = rows[0]?.pooled.data.length ?? 0;
  const longest = Math.max(...rows.map(({ mask }) => mask.data.length));
  const states = new Float32Array(new SharedArrayBuffer(4 * rows.length * longest * dim));
  const mask = new BigInt64Array(new SharedArrayBuffer(8 * rows.length * longest));
  const pooled = new Float32Array(new SharedArrayBuffer(4 * rows.length * pooledDim));
  for (const [row, conditioning] of rows.entries()) {
    states.set(conditioning.states.data, row * longest * dim);
    mask.set(conditioning.mask.data, row * longest);
    pooled.set(conditioning.pooled.data, row * pooledDim);
  }
  return {
    states: tensor('float32', [rows.length, longest, dim], states),
    mask: tensor('int64', [rows.length, longest], mask),
    pooled: tensor('float32', [rows.length, pooledDim], pooled),
  };
}
