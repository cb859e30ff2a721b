import { Tensor as OrtTensor } from 'onnxruntime-node';
import { InferenceError } from './errors.ts';
import { openOrtSession } from './ort.ts';
import type { TensorSpec } from './protocol.ts';
import { parseProviders } from './providers.ts';
import { SeededNoise } from './seeded.ts';
import { elementCount } from './tensor.ts';

/** A graph to time, and how often one generation runs it. */
export interface BaselineGraph {
  readonly name: string;
  /** Path of the ONNX file. */
  readonly model: string | Uint8Array;
  /** Shape of each input; they are fed noise, masks and token ids ones. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly runs: number;
}

export interface BaselineOptions {
  readonly threads: number;
  readonly providers?: readonly string[];
  readonly spinning?: boolean;
}

/** Pure compute time per graph, milliseconds, all its runs together. */
export interface BaselineTimes {
  readonly onnxMs: number;
  /** Processor time of the same runs, milliseconds: what other work on the machine leaves as it is. */
  readonly onnxCpuMs: number;
  readonly graphs: Readonly<Record<string, number>>;
}

/**
 * What ONNX Runtime alone needs for a set of graphs, one after the other on the calling thread, which it blocks: what
 * a service's time is compared with. Each graph is opened and run twice to warm before the clock starts.
 */
export async function measureBaseline(
  graphs: readonly BaselineGraph[],
  options: BaselineOptions,
): Promise<BaselineTimes> {
  const times: Record<string, number> = {};
  let onnxCpuMs = 0;
  for (const graph of graphs) {
    const opened = await openOrtSession({
      model: graph.model,
      threads: options.threads,
      providers: parseProviders(options.providers ?? ['cpu']),
      spinning: options.spinning ?? false,
      niceness: 0,
    });
    if ('reason' in opened)
      throw new InferenceError(opened.reason, `Model "${graph.name}": ${opened.message}`);
    const feeds = Object.fromEntries(
      opened.inputs.map((input) => [input.name, madeUp(input, graph.shapes[input.name] ?? [])]),
    );
    for (let i = 0; i < 2; i++) await opened.session.run(feeds);
    const cpu = process.cpuUsage();
    const started = performance.now();
    for (let i = 0; i < graph.runs; i++) await opened.session.run(feeds);
    times[graph.name] = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    onnxCpuMs += (user + system) / 1000;
    await opened.session.release();
  }
  return { onnxMs: Object.values(times).reduce((sum, ms) => sum + ms, 0), onnxCpuMs, graphs: times };
}

/** Values of the right type and shape: how long a network computes doesn't depend on them. */
function madeUp({ name, type }: TensorSpec, dims: readonly number[]): OrtTensor {
  const count = elementCount(dims);
  if (type === 'float32') return new OrtTensor(type, new SeededNoise(1).normal(count), dims);
  if (type === 'int64') return new OrtTensor(type, new BigInt64Array(count).fill(1n), dims);
  throw new InferenceError(
    'INPUT_MISMATCH',
    `Input "${name}" is ${type}; only float32 and int64 can be made up`,
  );
}
