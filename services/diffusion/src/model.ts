import {
  asType,
  createLanes,
  floatOutput,
  InferenceError,
  type InferenceSession,
  type LaneOptions,
} from '@atelier/inference';
import type { Bundle, ModelIdentity } from '@atelier/models';
import { z } from 'zod';
import { type SizeLimits, sampleSizeOf } from './canvas.ts';
import type { Drawing } from './drawing.ts';
import { feedsFor, KNOWN_INPUTS, NEEDED_INPUTS } from './feeds.ts';
import { SchedulerConfigSchema } from './scheduler-config.ts';

export const DENOISER_ROLE = 'denoiser';

const DenoiserConfigSchema = SchedulerConfigSchema.extend({
  /** Side of the pictures it was trained on, pixels. */
  sampleSize: z.int().min(1).max(4096),
  /** Channels of its sample: 3 in pixel space. */
  channels: z.int().min(1).max(64),
  /** Pixels a side for one element of the sample; 1 in pixel space. */
  scale: z.int().min(1).max(64).default(1),
  /** Sides of pictures are multiples of it where the graph leaves them free; default: `scale`. Pixels. */
  multiple: z.int().min(1).max(4096).optional(),
  /** Width of hidden states and of the sentence embedding, where the graph leaves them free. */
  conditioningDim: z.int().min(1).optional(),
  pooledDim: z.int().min(1).optional(),
  defaultSteps: z.int().min(1).max(1000),
  defaultGuidance: z.number().min(0).max(30),
});
export type DenoiserConfig = z.infer<typeof DenoiserConfigSchema>;

/** What the network must be told. */
export interface ConditioningFacts {
  /** Width of hidden states. */
  readonly dim: number;
  /** Width of the sentence embedding; undefined when it takes none. */
  readonly pooledDim?: number | undefined;
  /** Whether it takes a mask; without one all rows need as many hidden states. */
  readonly masked: boolean;
  /** Width of the guidance embedding of a network that is told the guidance scale; undefined for others. */
  readonly guidanceDim?: number | undefined;
}

/** What the network gave for the rows of some drawings, and what it cost. */
export interface Predicted {
  /** One [rows, channels, height, width] for each drawing, in order. */
  readonly outputs: readonly Float32Array[];
  readonly computeMs: number;
}

/** The network that denoises: pictures' next inputs in, predictions out. */
export interface Denoiser {
  readonly config: DenoiserConfig;
  readonly identity: ModelIdentity;
  readonly conditioning: ConditioningFacts;
  readonly sizes: SizeLimits;
  /** Predictions that gain from being asked for at once. */
  readonly lanes: number;
  /** The next step of drawings of one `key`: one run, or one for each timestep where the graph takes one alone. */
  predict(drawings: readonly Drawing[]): Promise<Predicted>;
  close(): Promise<void>;
}

/** Loads the bundle's denoiser. @throws BundleError or InferenceError naming the file and the tensor. */
export async function loadDenoiser(bundle: Bundle, options: Omit<LaneOptions, 'name'>): Promise<Denoiser> {
  const config = bundle.config(DENOISER_ROLE, DenoiserConfigSchema);
  const file = bundle.file(DENOISER_ROLE);
  const session = await createLanes(file, { name: DENOISER_ROLE, ...options });
  try {
    const { conditioning, sizes } = readGraph(session, config, file);
    const scalar = (session.inputs.find(({ name }) => name === 'timestep')?.shape[0] ?? 1) === 1;
    return {
      config,
      identity: bundle.identity(DENOISER_ROLE),
      conditioning,
      sizes,
      lanes: session.lanes,
      predict: (drawings) =>
        scalar ? predictByTimestep(session, config, drawings) : predict(session, config, drawings),
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** What the graph says about itself; fixed sizes of it win over the config's, unless they contradict. */
function readGraph({ inputs }: InferenceSession, config: DenoiserConfig, file: string) {
  const refuse = (what: string): never => {
    throw new InferenceError('MODEL_LOAD_FAILED', `${file} ${what}`);
  };
  const shapeOf = (name: string) => inputs.find((input) => input.name === name)?.shape;
  for (const name of NEEDED_INPUTS) if (!shapeOf(name)) refuse(`has no input "${name}"`);
  for (const { name } of inputs) if (!KNOWN_INPUTS.includes(name)) refuse(`wants an unknown input "${name}"`);
  const width = (name: string, axis: number, configured: number | undefined): number | undefined => {
    const size = shapeOf(name)?.[axis];
    if (size === undefined) return undefined;
    const known = typeof size === 'number' ? size : configured;
    if (known === undefined || (configured ?? known) !== known) {
      refuse(
        `has an input "${name}" of shape [${shapeOf(name)?.join(', ')}], the config says ${configured} at axis ${axis}`,
      );
    }
    return known;
  };
  const { sampleSize, channels, scale } = config;
  width('sample', 1, channels);
  const free = [2, 3].every((axis) => typeof shapeOf('sample')?.[axis] === 'string');
  if (!free) for (const axis of [2, 3]) width('sample', axis, sampleSize / scale);
  const conditioning: ConditioningFacts = {
    dim: width('encoder_hidden_states', 2, config.conditioningDim) ?? 0,
    pooledDim: width('text_embeds', 1, config.pooledDim),
    masked: shapeOf('encoder_attention_mask') !== undefined,
    guidanceDim: width('timestep_cond', 1, undefined),
  };
  const multiple = free ? (config.multiple ?? scale) : undefined;
  return { conditioning, sizes: { sampleSize, channels, scale, multiple } };
}

async function predict(
  session: InferenceSession,
  { channels }: DenoiserConfig,
  drawings: readonly Drawing[],
): Promise<Predicted> {
  const feeds = feedsFor(session.inputs, drawings);
  const converted = session.inputs.map(({ name, type }) => {
    const feed = feeds[name];
    if (!feed) throw new InferenceError('INPUT_MISMATCH', `Input "${name}" of the denoiser is not known`);
    return [name, asType(feed, type)] as const;
  });
  const { outputs, computeMs } = await session.runTimed(Object.fromEntries(converted));
  const { data, dims } = floatOutput(outputs, 'out_sample');
  const perRow = data.length / (dims[0] as number);
  let row = 0;
  const parts = drawings.map(({ rows, canvas }) => {
    const size = sampleSizeOf(canvas);
    const first = row;
    row += rows;
    if (perRow === size) return data.subarray(first * size, row * size);
    // A network that also predicts a variance gives twice the channels; samplers here choose their own.
    if (perRow !== 2 * size) {
      throw new InferenceError(
        'RUN_FAILED',
        `The denoiser's "out_sample" is [${dims.join(', ')}] for ${channels} channels`,
      );
    }
    const means = new Float32Array(rows * size);
    for (let r = 0; r < rows; r++) {
      means.set(data.subarray((first + r) * perRow, (first + r) * perRow + size), r * size);
    }
    return means;
  });
  return { outputs: parts, computeMs };
}

/** For graphs whose timestep is one number for all rows. */
async function predictByTimestep(
  session: InferenceSession,
  config: DenoiserConfig,
  drawings: readonly Drawing[],
): Promise<Predicted> {
  const outputs = new Map<Drawing, Float32Array>();
  let computeMs = 0;
  for (const group of Map.groupBy(drawings, ({ timestep }) => timestep).values()) {
    const predicted = await predict(session, config, group);
    computeMs += predicted.computeMs;
    for (const [i, drawing] of group.entries()) outputs.set(drawing, predicted.outputs[i] as Float32Array);
  }
  return { outputs: drawings.map((drawing) => outputs.get(drawing) as Float32Array), computeMs };
}
