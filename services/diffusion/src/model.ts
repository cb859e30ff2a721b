import {
  createSession,
  float32Output,
  type InferenceSession,
  type SessionOptions,
  type Tensor,
  tensor,
} from '@atelier/inference';
import type { Bundle, ModelIdentity } from '@atelier/models';
import { z } from 'zod';
import type { Drawing } from './drawing.ts';
import { SchedulerConfigSchema } from './scheduler-config.ts';

export const DENOISER_ROLE = 'denoiser';

const DenoiserConfigSchema = SchedulerConfigSchema.extend({
  /** Side of the pictures, pixels. */
  sampleSize: z.int().min(1).max(4096),
  channels: z.literal(3),
  defaultSteps: z.int().min(1).max(1000),
  defaultGuidance: z.number().min(0).max(30),
});
export type DenoiserConfig = z.infer<typeof DenoiserConfigSchema>;

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
  /** Width of hidden states and pooled embedding. */
  readonly dim: number;
  /** Elements of a picture. */
  readonly size: number;
  /** One run for the next step of drawings of one `batchKey`. */
  predict(drawings: readonly Drawing[]): Promise<Predicted>;
  close(): Promise<void>;
}

/** Drawings with one key can share a run: the same rows and the same number of hidden states. */
export function batchKey(drawing: Drawing): string {
  return drawing.conditioning.states.dims.slice(0, 2).join('×');
}

/** Loads the bundle's denoiser. @throws BundleError or InferenceError naming the file. */
export async function loadDenoiser(bundle: Bundle, options: Omit<SessionOptions, 'name'>): Promise<Denoiser> {
  const config = bundle.config(DENOISER_ROLE, DenoiserConfigSchema);
  const session = await createSession(bundle.file(DENOISER_ROLE), { name: DENOISER_ROLE, ...options });
  const dim = session.inputs.find(({ name }) => name === 'text_embeds')?.shape[1];
  if (typeof dim !== 'number') {
    await session.close();
    throw new TypeError(`${bundle.file(DENOISER_ROLE)} has no input "text_embeds" of a fixed width`);
  }
  const size = config.channels * config.sampleSize ** 2;
  return {
    config,
    identity: bundle.identity(DENOISER_ROLE),
    dim,
    size,
    predict: (drawings) => predict(session, config, size, drawings),
    close: () => session.close(),
  };
}

async function predict(
  session: InferenceSession,
  { channels, sampleSize }: DenoiserConfig,
  size: number,
  drawings: readonly Drawing[],
): Promise<Predicted> {
  const rows = drawings.reduce((sum, drawing) => sum + drawing.rows, 0);
  const sample = new Float32Array(rows * size);
  const timestep = new Float32Array(rows);
  let row = 0;
  for (const drawing of drawings) {
    drawing.writeInput(sample.subarray(row * size));
    timestep.fill(drawing.timestep, row, row + drawing.rows);
    row += drawing.rows;
  }
  const { outputs, computeMs } = await session.runTimed({
    sample: tensor('float32', [rows, channels, sampleSize, sampleSize], sample),
    timestep: tensor('float32', [rows], timestep),
    encoder_hidden_states: joined(drawings.map(({ conditioning }) => conditioning.states)),
    encoder_attention_mask: joined(drawings.map(({ conditioning }) => conditioning.mask)),
    text_embeds: joined(drawings.map(({ conditioning }) => conditioning.pooled)),
  });
  const { data } = float32Output(outputs, 'out_sample');
  let end = 0;
  const parts = drawings.map((drawing) => {
    end += drawing.rows * size;
    return data.subarray(end - drawing.rows * size, end);
  });
  return { outputs: parts, computeMs };
}

/** Tensors one after the other along their first axis; a single one as it is, in its shared memory. */
function joined<T extends 'float32' | 'int64'>(parts: readonly Tensor<T>[]): Tensor<T> {
  const [first] = parts;
  if (!first) throw new RangeError('Nothing to join');
  if (parts.length === 1) return first;
  const length = parts.reduce((sum, { data }) => sum + data.length, 0);
  const data = first.type === 'float32' ? new Float32Array(length) : new BigInt64Array(length);
  let at = 0;
  for (const part of parts) {
    data.set(part.data as never, at);
    at += part.data.length;
  }
  const rows = parts.reduce((sum, { dims }) => sum + (dims[0] as number), 0);
  return tensor(first.type, [rows, ...first.dims.slice(1)], data as Tensor<T>['data']);
}
