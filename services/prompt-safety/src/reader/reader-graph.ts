/** The prompt reader as an ONNX model: a BERT encoder (Devlin et al. 2019) from a package, our adapters in its layers, our head on top. */
import { OnnxGraph } from '@atelier/onnx-graph';
import { adapted, BLOCK, inBlocks, quantized } from './int8.ts';
import type { Weight, Weights } from './safetensors.ts';

export interface ReaderSizes {
  readonly layers: number;
  readonly heads: number;
  /** Tokens of a window, at most. */
  readonly maxTokens: number;
  /** Categories of harm; the head has one class more, harmless, before them. */
  readonly categories: number;
}

/** The layers' matrices: what we call them, and what BERT does. */
const PARTS = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  out: 'attention.output.dense',
  up: 'intermediate.dense',
  down: 'output.dense',
} as const;

/**
 * The model file: `tokens` int64 [n, t] and `mask` float32 [n, t], 1 for a token and 0 for padding → `scores` float32 [n, categories].
 * Matrices are int8, about 23 MB for a MiniLM of six layers. Those before and behind GELU, whose inputs have outliers, have a scale for
 * each block of inputs, and so have the inputs: one scale for all of them moves doubtful chances.
 * @throws Error naming a tensor that is missing.
 */
export function readerOnnx(encoder: Weights, adapters: Weights, sizes: ReaderSizes): Uint8Array {
  const graph = new OnnxGraph();
  const constant = (name: string, { shape, values }: Weight): string => graph.floats(name, shape, values);
  const bert = (name: string): string => constant(name, encoder(name));
  const norm = (input: string, name: string): string =>
    graph.node('LayerNormalization', [input, bert(`${name}.weight`), bert(`${name}.bias`)], name, {
      axis: -1,
      epsilon: { float: 1e-12 },
    });
  const weightOf = (layer: number, part: keyof typeof PARTS) => {
    const name = `encoder.layer.${layer}.${PARTS[part]}`;
    const [down, up] = ['down', 'up'].map((side) => adapters(`${layer}.${part}.${side}`)) as [Weight, Weight];
    return { name, weight: adapted(encoder(`${name}.weight`), down, up), bias: bert(`${name}.bias`) };
  };
  /** One scale for all inputs: faster than in blocks. */
  const linear = (input: string, layer: number, part: keyof typeof PARTS): string => {
    const { name, weight, bias } = weightOf(layer, part);
    const { codes, scales } = quantized(weight, true);
    const matrix = graph.int8s(`${name}.codes`, weight.shape.toReversed(), codes);
    const scale = graph.floats(`${name}.scales`, [scales.length], scales);
    return graph.node('com.microsoft.DynamicQuantizeMatMul', [input, matrix, scale, '', bias], name);
  };
  const blockwise = (input: string, layer: number, part: keyof typeof PARTS): string => {
    const { name, weight, bias } = weightOf(layer, part);
    const [outs = 0, ins = 0] = weight.shape;
    const { codes, scales, count } = inBlocks(weight);
    const matrix = graph.uint8s(`${name}.codes`, [outs, count, BLOCK], codes);
    const scale = graph.floats(`${name}.scales`, [outs * count], scales);
    return graph.node('com.microsoft.MatMulNBits', [input, matrix, scale, '', '', bias], name, {
      K: ins,
      N: outs,
      bits: 8,
      block_size: BLOCK,
      accuracy_level: 4, // inputs in int8, too
    });
  };

  let x = norm(embeddings(graph, encoder, sizes.maxTokens), 'embeddings.LayerNorm');
  const keys = graph.node('Cast', ['mask'], 'keys', { to: 6 });
  for (let layer = 0; layer < sizes.layers; layer++) {
    const [query, key, value] = (['query', 'key', 'value'] as const).map((part) => linear(x, layer, part));
    const mixed = graph.node(
      'com.microsoft.MultiHeadAttention',
      [query ?? '', key ?? '', value ?? '', '', keys],
      `${layer}.mixed`,
      { num_heads: sizes.heads },
    );
    const attended = graph.node('Add', [x, linear(mixed, layer, 'out')], `${layer}.attended`);
    x = norm(attended, `encoder.layer.${layer}.attention.output.LayerNorm`);
    const wide = graph.node('com.microsoft.Gelu', [blockwise(x, layer, 'up')], `${layer}.wide`);
    const fed = graph.node('Add', [x, blockwise(wide, layer, 'down')], `${layer}.fed`);
    x = norm(fed, `encoder.layer.${layer}.output.LayerNorm`);
  }
  const head = ['head.weight', 'head.bias'].map((name) => constant(name, adapters(name)));
  scores(graph, graph.node('Gemm', [mean(graph, x), ...head], 'logits', { transB: 1 }));
  const free = ['n', 't'];
  return graph.encode(
    'prompt-reader',
    [
      { name: 'tokens', dims: free, type: 'int64' },
      { name: 'mask', dims: free },
    ],
    [{ name: 'scores', dims: ['n', sizes.categories] }],
  );
}

/** Vectors of the tokens and of their places, [n, t, d]. */
function embeddings(graph: OnnxGraph, encoder: Weights, maxTokens: number): string {
  const words = encoder('embeddings.word_embeddings.weight');
  const { codes, scales } = quantized(words, false);
  const table = graph.int8s('words.codes', words.shape, codes);
  const rows = graph.node('Cast', [graph.node('Gather', [table, 'tokens'], 'words.rows')], 'words.floats', {
    to: 1,
  });
  const scale = graph.floats('words.scales', [scales.length, 1], scales);
  const vectors = graph.node('Mul', [rows, graph.node('Gather', [scale, 'tokens'], 'words.scale')], 'words');
  // Every text is BERT's first kind of segment, whose vector is added to each place.
  const [places, kinds] = ['position', 'token_type'].map((name) =>
    encoder(`embeddings.${name}_embeddings.weight`),
  ) as [Weight, Weight];
  const width = places.shape[1] ?? 0;
  const values = places.values
    .slice(0, maxTokens * width)
    .map((value, i) => value + (kinds.values[i % width] as number));
  const all = graph.floats('places', [maxTokens, width], values);
  const length = graph.node('Shape', ['tokens'], 'length', { start: 1, end: 2 });
  const zero = graph.integers('zero', [0]);
  return graph.node(
    'Add',
    [vectors, graph.node('Slice', [all, zero, length, zero], 'places.first')],
    'embeddings',
  );
}

/** Mean of the tokens' states [n, t, d] → [n, d]. */
function mean(graph: OnnxGraph, states: string): string {
  const [one, last] = [graph.integers('one', [1]), graph.integers('last', [-1])];
  const masked = graph.node(
    'Mul',
    [states, graph.node('Unsqueeze', ['mask', last], 'mask.wide')],
    'states.masked',
  );
  const sum = graph.node('ReduceSum', [masked, one], 'states.sum', { keepdims: 0 });
  return graph.node(
    'Div',
    [sum, graph.node('ReduceSum', ['mask', one], 'count', { keepdims: 1 })],
    'states.mean',
  );
}

/** How sure it is that a text is unsafe, times a category's chance beside the likeliest's: as the trainer's `scores`. */
function scores(graph: OnnxGraph, logits: string): string {
  const chances = graph.node('Softmax', [logits], 'chances', { axis: -1 });
  const [from, to] = [graph.integers('first', [1]), graph.integers('end', [2 ** 31])];
  const harms = graph.node('Slice', [chances, from, to, from], 'harms');
  const harm = graph.node('ReduceSum', [harms, from], 'harm', { keepdims: 1 });
  const most = graph.node('ReduceMax', [harms], 'harms.most', { axes: [1], keepdims: 1 });
  return graph.node('Div', [graph.node('Mul', [harms, harm], 'harms.sure'), most], 'scores');
}
