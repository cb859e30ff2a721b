import { elementCount, type Tensor, tensor } from '@atelier/inference';

/** What a diffusion model is told about a text. */
export interface Embedding {
  /** Hidden states [S, dim]; windows of a long text follow one another. */
  readonly states: Tensor<'float32'>;
  /** 1 for states to attend to, 0 for padding, [S]. */
  readonly mask: Tensor<'int64'>;
  /** Sentence embedding [dim]. */
  readonly pooled: Tensor<'float32'>;
  /** Tokens of the text, those that mark windows included. */
  readonly tokenCount: number;
}

/**
 * Joins the embeddings of a text's windows: states and masks one after the other, the sentence embedding their mean
 * weighted by tokens.
 * @param windows at least one.
 */
export function joinWindows(windows: readonly Embedding[]): Embedding {
  const [first] = windows;
  if (!first) throw new RangeError('No windows to join');
  if (windows.length === 1) return first;
  const dim = first.pooled.data.length;
  const tokenCount = windows.reduce((sum, window) => sum + window.tokenCount, 0);
  const length = windows.reduce((sum, { mask }) => sum + mask.data.length, 0);
  const states = new Float32Array(elementCount([length, dim]));
  const mask = new BigInt64Array(length);
  const pooled = new Float32Array(dim);
  let at = 0;
  for (const window of windows) {
    states.set(window.states.data, at * dim);
    mask.set(window.mask.data, at);
    at += window.mask.data.length;
    const weight = window.tokenCount / tokenCount;
    for (let i = 0; i < dim; i++) pooled[i]! += weight * (window.pooled.data[i] as number);
  }
  return {
    states: tensor('float32', [length, dim], states),
    mask: tensor('int64', [length], mask),
    pooled: tensor('float32', [dim], pooled),
    tokenCount,
  };
}
