/** A TensorFlow.js layers model → ONNX: the layers that MobileNet V2 and a dense head consist of. */
import { OnnxGraph } from '@atelier/onnx-graph';
import { z } from 'zod';

/** Weights by Keras' name ("Conv1/kernel"), float32, with their shapes. */
export type Weights = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: Float32Array }
>;

const pair = z.tuple([z.int(), z.int()]);
const node = z.tuple([z.string(), z.number(), z.number()]).rest(z.unknown());
const channelsLast = { data_format: z.literal('channels_last').default('channels_last') };
const convolution = {
  ...channelsLast,
  kernel_size: pair,
  strides: pair,
  padding: z.enum(['valid', 'same']),
  dilation_rate: z.tuple([z.literal(1), z.literal(1)]),
  activation: z.literal('linear'),
  use_bias: z.literal(false),
};

/** Only what is written here is understood; a layer of another kind or setting is refused by name. */
const layer = z.discriminatedUnion('class_name', [
  z.object({ class_name: z.literal('InputLayer'), config: z.object({}) }),
  z.object({
    class_name: z.literal('ZeroPadding2D'),
    config: z.object({ ...channelsLast, padding: z.tuple([pair, pair]) }),
  }),
  z.object({ class_name: z.literal('Conv2D'), config: z.object(convolution) }),
  z.object({
    class_name: z.literal('DepthwiseConv2D'),
    config: z.object({ ...convolution, depth_multiplier: z.literal(1) }),
  }),
  z.object({
    class_name: z.literal('BatchNormalization'),
    config: z.object({ epsilon: z.number(), center: z.literal(true), scale: z.literal(true) }),
  }),
  z.object({
    class_name: z.literal('ReLU'),
    config: z.object({ max_value: z.number(), negative_slope: z.literal(0), threshold: z.literal(0) }),
  }),
  z.object({ class_name: z.literal('Add'), config: z.object({}) }),
  z.object({
    class_name: z.literal('AveragePooling2D'),
    config: z.object({ ...channelsLast, pool_size: pair, strides: pair, padding: z.literal('valid') }),
  }),
  z.object({ class_name: z.literal('Flatten'), config: z.object(channelsLast) }),
  z.object({
    class_name: z.literal('Dense'),
    config: z.object({ activation: z.enum(['relu', 'softmax']), use_bias: z.literal(true) }),
  }),
  z.object({ class_name: z.literal('Dropout'), config: z.object({}) }),
]);
type Layer = z.infer<typeof layer>;

const topology = z.object({
  model_config: z.object({
    config: z.object({
      layers: z.array(
        z.intersection(layer, z.object({ name: z.string(), inbound_nodes: z.array(z.array(node)).max(1) })),
      ),
      output_layers: z.tuple([node]),
    }),
  }),
});

/**
 * ONNX bytes of a model: input `image` float32 [n, 3, side, side], output `scores` float32 [n, classes].
 * @throws ZodError for a layer it does not know, Error for a weight that is missing.
 */
export function layersToOnnx(
  modelTopology: unknown,
  weights: Weights,
  side: number,
  classes: number,
): Uint8Array {
  const { layers, output_layers } = topology.parse(modelTopology).model_config.config;
  const graph = new OnnxGraph();
  const values = new Map<string, string>();
  for (const item of layers) {
    const inputs = (item.inbound_nodes[0] ?? []).map(([from]) => {
      const value = values.get(from);
      if (value === undefined) throw new Error(`layer ${item.name} comes before its input ${from}`);
      return value;
    });
    values.set(item.name, addLayer(graph, item.name, item, inputs, weights));
  }
  graph.node('Identity', [values.get(output_layers[0][0]) ?? ''], 'scores');
  return graph.encode(
    'layers-model',
    [{ name: 'image', dims: ['n', 3, side, side] }],
    [{ name: 'scores', dims: ['n', classes] }],
  );
}

/** Adds one layer and returns the name of its output. */
function addLayer(
  graph: OnnxGraph,
  name: string,
  item: Layer,
  inputs: readonly string[],
  weights: Weights,
): string {
  const [input = ''] = inputs;
  const weight = (part: string) => {
    const found = weights.get(`${name}/${part}`);
    if (found === undefined) throw new Error(`the weights lack ${name}/${part}`);
    return found;
  };
  const constant = (part: string): string => {
    const { shape, values } = weight(part);
    return graph.floats(`${name}/${part}`, shape, values);
  };
  switch (item.class_name) {
    case 'InputLayer':
      return 'image';
    case 'Dropout':
      return input;
    case 'ZeroPadding2D': {
      const [[top, bottom], [left, right]] = item.config.padding;
      return graph.node(
        'Pad',
        [input, graph.integers(`${name}/pads`, [0, 0, top, left, 0, 0, bottom, right])],
        name,
      );
    }
    case 'Conv2D':
    case 'DepthwiseConv2D': {
      const depthwise = item.class_name === 'DepthwiseConv2D';
      const { shape, values } = weight(depthwise ? 'depthwise_kernel' : 'kernel');
      const [height = 1, width = 1, channels = 1, filters = 1] = shape;
      // Depthwise, every channel is an "out" of one "in".
      const [outs, ins] = depthwise ? [channels, filters] : [filters, channels];
      const kernel = graph.floats(
        `${name}/kernel`,
        [outs, ins, height, width],
        outermost(values, [outs, ins, height * width], depthwise ? [ins, 1] : [1, outs]),
      );
      const { strides, padding } = item.config;
      if (padding === 'same' && Math.max(...strides) > 1)
        throw new Error(`layer ${name}: "same" padding with strides`);
      const [pad_y, pad_x] = padding === 'same' ? [(height - 1) / 2, (width - 1) / 2] : [0, 0];
      return graph.node('Conv', [input, kernel], name, {
        strides,
        pads: [pad_y, pad_x, pad_y, pad_x],
        group: depthwise ? channels : 1,
      });
    }
    case 'BatchNormalization': {
      const parts = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(constant);
      return graph.node('BatchNormalization', [input, ...parts], name, {
        epsilon: { float: item.config.epsilon },
      });
    }
    case 'ReLU': {
      const bound = (part: string, value: number) =>
        graph.floats(`${name}/${part}`, [], Float32Array.of(value));
      return graph.node('Clip', [input, bound('low', 0), bound('high', item.config.max_value)], name);
    }
    case 'Add':
      return graph.node('Add', inputs, name);
    case 'AveragePooling2D':
      return graph.node('AveragePool', [input], name, {
        kernel_shape: item.config.pool_size,
        strides: item.config.strides,
      });
    case 'Flatten':
      // The dense layers were trained on channels last.
      return graph.node(
        'Flatten',
        [graph.node('Transpose', [input], `${name}/last`, { perm: [0, 2, 3, 1] })],
        name,
        { axis: 1 },
      );
    case 'Dense': {
      const sum = graph.node('Gemm', [input, constant('kernel'), constant('bias')], `${name}/sum`);
      return item.config.activation === 'relu'
        ? graph.node('Relu', [sum], name)
        : graph.node('Softmax', [sum], name, { axis: -1 });
    }
  }
}

/** Values [places, …] with filters of strides [out, in] in each place, as [outs, ins, places]. */
function outermost(
  values: Float32Array,
  [outs, ins, places]: readonly [number, number, number],
  [outStride, inStride]: readonly [number, number],
): Float32Array {
  const result = new Float32Array(values.length);
  let at = 0;
  for (let out = 0; out < outs; out++)
    for (let input = 0; input < ins; input++)
      for (let place = 0; place < places; place++)
        result[at++] = values[place * outs * ins + out * outStride + input * inStride] as number;
  return result;
}
