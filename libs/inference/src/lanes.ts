import type { Tensors } from './protocol.ts';
import {
  createSession,
  type InferenceSession,
  type RunOptions,
  type SessionOptions,
  type TimedRun,
} from './session.ts';
import type { Tensor } from './tensor.ts';

export interface LaneOptions extends SessionOptions {
  /**
   * Runs computed at once, ≥ 1; default 1. No more than `threads`, and 1 on anything but the CPU. Each lane beyond the first
   * costs the model's memory again, from the first time that runs overlap.
   */
  readonly lanes?: number;
}

/** A session whose runs may overlap. */
export interface LanedSession extends InferenceSession {
  /** Runs that gain from being given at once. */
  readonly lanes: number;
}

/** Shapes remembered; all are forgotten when there are more. */
const MOST_SHAPES = 256;

/**
 * Loads a model whose run has all threads while it is the only one, and its part of them when others compute: threads within
 * an operator wait for each other at its end, threads of different runs never do. The other lanes are opened when runs first
 * overlap. A shape goes to them only once they gave the same bits for it.
 * @throws InferenceError as `createSession`.
 */
export async function createLanes(
  model: string | Uint8Array,
  { lanes = 1, ...options }: LaneOptions,
): Promise<LanedSession> {
  const { threads = 1, providers = ['cpu'] } = options;
  const count = providers.every((provider) => provider === 'cpu') ? Math.min(lanes, threads) : 1;
  const whole = await createSession(model, options);
  const openOthers = () =>
    Promise.all(
      Array.from({ length: count }, (_, lane) =>
        createSession(model, {
          ...options,
          name: `${options.name} ${lane + 1}`,
          threads: Math.floor(threads / count),
        }),
      ),
    );
  return new Lanes(whole, count, openOthers);
}

class Lanes implements LanedSession {
  readonly lanes: number;
  readonly #whole: InferenceSession;
  readonly #openOthers: () => Promise<InferenceSession[]>;
  #opening: Promise<void> | undefined;
  #others: readonly InferenceSession[] = [];
  /** By shape of the inputs, whether the other lanes give the same bits; undefined while nobody knows. */
  readonly #same = new Map<string, boolean>();

  constructor(whole: InferenceSession, lanes: number, openOthers: () => Promise<InferenceSession[]>) {
    this.#whole = whole;
    this.lanes = lanes;
    this.#openOthers = openOthers;
  }

  get name(): string {
    return this.#whole.name;
  }

  get inputs(): InferenceSession['inputs'] {
    return this.#whole.inputs;
  }

  get outputs(): InferenceSession['outputs'] {
    return this.#whole.outputs;
  }

  get pending(): number {
    return this.#others.reduce((sum, { pending }) => sum + pending, this.#whole.pending);
  }

  async run(feeds: Tensors, options?: RunOptions): Promise<Tensors> {
    return (await this.runTimed(feeds, options)).outputs;
  }

  async runTimed(feeds: Tensors, options?: RunOptions): Promise<TimedRun> {
    if (this.lanes === 1 || this.pending === 0) return await this.#whole.runTimed(feeds, options);
    this.#opening ??= this.#open();
    const [other] = this.#others.toSorted((a, b) => a.pending - b.pending);
    if (!other) return await this.#whole.runTimed(feeds, options);
    const shape = JSON.stringify(this.inputs.map(({ name }) => feeds[name]?.dims));
    const same = this.#same.get(shape);
    if (same) return await other.runTimed(feeds, options);
    if (same === false) return await this.#whole.runTimed(feeds, options);
    return await this.#compare(shape, feeds, other, options);
  }

  async close(): Promise<void> {
    await this.#opening;
    await Promise.all([this.#whole, ...this.#others].map((session) => session.close()));
  }

  /** Computes in both places. */
  async #compare(
    shape: string,
    feeds: Tensors,
    other: InferenceSession,
    options?: RunOptions,
  ): Promise<TimedRun> {
    if (this.#same.size >= MOST_SHAPES) this.#same.clear();
    this.#same.set(shape, false); // for those who come meanwhile
    const again = Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [
        name,
        { ...tensor, data: tensor.data.slice() } as Tensor,
      ]),
    );
    try {
      const [run, outputs] = await Promise.all([this.#whole.runTimed(feeds, options), other.run(again)]);
      this.#same.set(shape, sameBits(run.outputs, outputs));
      return run;
    } catch (error) {
      this.#same.delete(shape);
      throw error;
    }
  }

  /** Never rejects: what can't be opened a second time is computed by the first. */
  async #open(): Promise<void> {
    this.#others = await this.#openOthers().catch(() => []);
  }
}

function sameBits(a: Tensors, b: Tensors): boolean {
  const bytes = (tensor: Tensor | undefined) =>
    tensor && Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  return Object.keys(a).every((name) => {
    const [mine, theirs] = [bytes(a[name]), bytes(b[name])];
    return mine && theirs && mine.equals(theirs);
  });
}
