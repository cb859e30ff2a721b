import { elementCount, type Tensor, tensor } from '@atelier/inference';

/** What a diffusion model is told about a text. */
export interface Embedding {
  /** Hidden states [S, dim]; windows of a long text follow one another. */
  readonly states: Tensor<'float32'>;
  /** 1 for states to attend to, 0 for padding, [S]. */
  readonly mask: Tensor<'int64'>;
  /** Sentence embedding [width], its width not always that of the states. */
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
  const tokenCount = windows.reduce((sum, window) => sum + window.tokenCount, 0);
  const pooled = new Float32Array(first.pooled.data.length);
  for (const window of windows) {
    const weight = window.tokenCount / tokenCount;
    for (let i = 0; i < pooled.length; i++) pooled[i]! += weight * (window.pooled.data[i] as number);
  }
  return { ...inARow(windows), pooled: tensor('float32', first.pooled.dims, pooled), tokenCount };
}

/**
 * The embedding with as many states as a longer one has: the empty text's states follow, so that a network without a
 * mask reads "and nothing more". Longer ones stay as they are.
 * @param empty the empty text's, one window long.
 */
export function paddedTo(embedding: Embedding, length: number, empty: Embedding): Embedding {
  const missing = length - embedding.mask.data.length;
  if (missing <= 0) return embedding;
  const windows = Math.ceil(missing / empty.mask.data.length);
  return { ...embedding, ...inARow([embedding, ...new Array<Embedding>(windows).fill(empty)]) };
}

/** The embeddings of one text by two networks, state by state side by side; the sentence embedding is the second's. */
export function besideEachOther(first: Embedding, second: Embedding): Embedding {
  const [length = 0, left = 0] = first.states.dims;
  const [, right = 0] = second.states.dims;
  const width = left + right;
  const states = new Float32Array(length * width);
  for (let i = 0; i < length; i++) {
    states.set(first.states.data.subarray(i * left, (i + 1) * left), i * width);
    states.set(second.states.data.subarray(i * right, (i + 1) * right), i * width + left);
  }
  return { ...first, states: tensor('float32', [length, width], states), pooled: second.pooled };
}

/** An embedding of the same shape that says nothing. */
export function zeros({ states, pooled, ...rest }: Embedding): Embedding {
  const zero = ({ dims }: Tensor) => tensor('float32', dims, new Float32Array(elementCount(dims)));
  return { ...rest, states: zero(states), pooled: zero(pooled) };
}

function inARow(parts: readonly Embedding[]): Pick<Embedding, 'states' | 'mask'> {
  const dim = parts[0]?.states.dims[1] ?? 0;
  const length = parts.reduce((sum, { mask }) => sum + mask.data.length, 0);
  const states = new Float32Array(length * dim);
  const mask = new BigInt64Array(length);
  let at = 0;
  for (const part of parts) {
    states.set(part.states.data, at * dim);
    mask.set(part.mask.data, at);
    at += part.mask.data.length;
  }
  return { states: tensor('float32', [length, dim], states), mask: tensor('int64', [length], mask) };
}
