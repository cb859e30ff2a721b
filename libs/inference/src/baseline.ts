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

/** A set of graphs, open and warm. */
export interface Baseline {
  /** Runs each graph as often as it says, one after the other on the calling thread, which it blocks. */
  measure(): Promise<BaselineTimes>;
  close(): Promise<void>;
}

/**
 * What ONNX Runtime alone needs for a set of graphs: what a service's time is compared with. Each graph is opened and run twice.
 * @throws InferenceError naming the graph that can't be opened.
 */
export async function openBaseline(
  graphs: readonly BaselineGraph[],
  options: BaselineOptions,
): Promise<Baseline> {
  const opened: { graph: BaselineGraph; run: () => Promise<unknown>; close: () => Promise<void> }[] = [];
  for (const graph of graphs) {
    const result = await openOrtSession({
      model: graph.model,
      threads: options.threads,
      providers: parseProviders(options.providers ?? ['cpu']),
      spinning: options.spinning ?? false,
      niceness: 0,
    });
    if ('reason' in result)
      throw new InferenceError(result.reason, `Model "${graph.name}": ${result.message}`);
    const { session, inputs } = result;
    const feeds = Object.fromEntries(
      inputs.map((input) => [input.name, madeUp(input, graph.shapes[input.name] ?? [])]),
    );
    for (let i = 0; i < 2; i++) await session.run(feeds);
    opened.push({ graph, run: () => session.run(feeds), close: () => session.release() });
  }
  return {
    async measure() {
      const times: Record<string, number> = {};
      const cpu = process.cpuUsage();
      for (const { graph, run } of opened) {
        const started = performance.now();
        for (let i = 0; i < graph.runs; i++) await run();
        times[graph.name] = performance.now() - started;
      }
      const { user, system } = process.cpuUsage(cpu);
      const onnxMs = Object.values(times).reduce((sum, ms) => sum + ms, 0);
      return { onnxMs, onnxCpuMs: (user + system) / 1000, graphs: times };
    },
    async close() {
      for (const { close } of opened) await close();
    },
  };
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
