/** Writes ONNX models: the few messages of onnx.proto3 that a network built from weights at hand needs. */
import protobuf from 'protobufjs';

const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id });
const one = (type: string, id: number) => ({ type, id });

/** Field numbers as published in onnx/onnx.proto3 of the ONNX specification, IR version 8. */
const SCHEMA = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: one('int64', 1),
        producerName: one('string', 2),
        graph: one('Graph', 7),
        opsetImport: repeated('Opset', 8),
      },
    },
    Opset: { fields: { domain: one('string', 1), version: one('int64', 2) } },
    Graph: {
      fields: {
        node: repeated('Node', 1),
        name: one('string', 2),
        initializer: repeated('Tensor', 5),
        input: repeated('Value', 11),
        output: repeated('Value', 12),
      },
    },
    Node: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        opType: one('string', 4),
        attribute: repeated('Attribute', 5),
        domain: one('string', 7),
      },
    },
    Attribute: {
      fields: {
        name: one('string', 1),
        f: one('float', 2),
        i: one('int64', 3),
        ints: repeated('int64', 8),
        type: one('int32', 20),
      },
    },
    Tensor: {
      fields: {
        dims: repeated('int64', 1),
        dataType: one('int32', 2),
        name: one('string', 8),
        rawData: one('bytes', 9),
      },
    },
    Value: { fields: { name: one('string', 1), type: one('Type', 2) } },
    Type: { fields: { tensorType: one('TensorType', 1) } },
    TensorType: { fields: { elemType: one('int32', 1), shape: one('Shape', 2) } },
    Shape: { fields: { dim: repeated('Dim', 1) } },
    Dim: { fields: { dimValue: one('int64', 1), dimParam: one('string', 2) } },
  },
});

const ELEMENT = { float32: 1, uint8: 2, int8: 3, int64: 7 };
const ATTRIBUTE = { float: 1, int: 2, ints: 7 };
const OPSET = 17;
/** Operators of ONNX Runtime's own. */
const MICROSOFT = 'com.microsoft';

/** An integer attribute, a list of them, or `{ float }`. */
export type AttributeValue = number | readonly number[] | { readonly float: number };

/** An input or output of a graph; a dimension given as text is free. */
export interface GraphValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
  /** Default float32. */
  readonly type?: keyof typeof ELEMENT;
}

/** A graph under construction; values are known by name. */
export class OnnxGraph {
  readonly #nodes: object[] = [];
  readonly #initializers: object[] = [];

  /** Adds a node with one output of the name `output`, and returns that name. "com.microsoft.X" is ONNX Runtime's own operator X. */
  node(
    opType: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    const attribute = Object.entries(attributes).map(([name, value]) => {
      if (typeof value === 'number') return { name, i: value, type: ATTRIBUTE.int };
      return 'float' in value
        ? { name, f: value.float, type: ATTRIBUTE.float }
        : { name, ints: value, type: ATTRIBUTE.ints };
    });
    const own = opType.startsWith(`${MICROSOFT}.`);
    const type = own ? { opType: opType.slice(MICROSOFT.length + 1), domain: MICROSOFT } : { opType };
    this.#nodes.push({ ...type, input: inputs, output: [output], attribute });
    return output;
  }

  /** Adds constant float32 values, row-major, and returns their name. */
  floats(name: string, dims: readonly number[], values: Float32Array): string {
    return this.#constant(name, dims, 'float32', values);
  }

  /** Adds constant int8 values, row-major, and returns their name. */
  int8s(name: string, dims: readonly number[], values: Int8Array): string {
    return this.#constant(name, dims, 'int8', values);
  }

  /** Adds constant uint8 values, row-major, and returns their name. */
  uint8s(name: string, dims: readonly number[], values: Uint8Array): string {
    return this.#constant(name, dims, 'uint8', values);
  }

  /** Adds a list of constant integers and returns its name. */
  integers(name: string, values: readonly number[]): string {
    return this.#constant(name, [values.length], 'int64', BigInt64Array.from(values, BigInt));
  }

  /** The model file. */
  encode(name: string, inputs: readonly GraphValue[], outputs: readonly GraphValue[]): Uint8Array {
    const value = ({ name, dims, type = 'float32' }: GraphValue) => ({
      name,
      type: {
        tensorType: {
          elemType: ELEMENT[type],
          shape: {
            dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })),
          },
        },
      },
    });
    const graph = {
      name,
      node: this.#nodes,
      initializer: this.#initializers,
      input: inputs.map(value),
      output: outputs.map(value),
    };
    const model = SCHEMA.lookupType('Model');
    const opsetImport = [{ version: OPSET }, { domain: MICROSOFT, version: 1 }];
    const message = { irVersion: 8, producerName: 'atelier', opsetImport, graph };
    return model.encode(model.fromObject(message)).finish();
  }

  #constant(
    name: string,
    dims: readonly number[],
    type: keyof typeof ELEMENT,
    values: ArrayBufferView,
  ): string {
    const dataType = ELEMENT[type];
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initializers.push({ name, dims, dataType, rawData });
    return name;
  }
}
