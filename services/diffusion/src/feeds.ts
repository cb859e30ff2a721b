import { type Tensor, type TensorSpec, tensor } from '@atelier/inference';
import { sampleSizeOf } from './canvas.ts';
import type { Drawing } from './drawing.ts';
import { embedGuidance } from './guidance-embedding.ts';

/** Inputs every denoiser has, by diffusers' names. */
export const NEEDED_INPUTS: readonly string[] = ['sample', 'timestep', 'encoder_hidden_states'];

type Feed = (drawings: readonly Drawing[], spec: TensorSpec) => Tensor;

/** How each input is filled for drawings of one size and one number of hidden states. */
const FEEDS: Readonly<Record<string, Feed>> = {
  /** [rows, channels, height, width] */
  sample: (drawings) => {
    const { channels, height, width } = drawings[0]?.canvas ?? { channels: 0, height: 0, width: 0 };
    const size = channels * height * width;
    const rows = rowsOf(drawings);
    const data = new Float32Array(rows * size);
    let row = 0;
    for (const drawing of drawings) {
      drawing.writeInput(data.subarray(row * size, (row + drawing.rows) * sampleSizeOf(drawing.canvas)));
      row += drawing.rows;
    }
    return tensor('float32', [rows, channels, height, width], data);
  },
  /** [rows], or one number for all of them: [] or [1]. */
  timestep: (drawings, { shape }) => {
    if (shape.length === 0 || shape[0] === 1) {
      return tensor('float32', shape.length === 0 ? [] : [1], Float32Array.of(drawings[0]?.timestep ?? 0));
    }
    return perRow(drawings, 1, ({ timestep }) => [timestep], []);
  },
  encoder_hidden_states: (drawings) => joined(drawings.map(({ conditioning }) => conditioning.states)),
  encoder_attention_mask: (drawings) => joined(drawings.map(({ conditioning }) => conditioning.mask)),
  text_embeds: (drawings) => joined(drawings.map(({ conditioning }) => conditioning.pooled)),
  /** Original size, crop and target size, height first (Podell et al. 2023, section 2.2): as if nothing was cropped. */
  time_ids: (drawings) =>
    perRow(drawings, 6, ({ canvas }) => {
      const size = [canvas.height * canvas.scale, canvas.width * canvas.scale];
      return [...size, 0, 0, ...size];
    }),
  timestep_cond: (drawings, { shape }) => {
    const dim = shape[1] as number;
    return perRow(drawings, dim, ({ guidance }) => embedGuidance(guidance, dim));
  },
};
export const KNOWN_INPUTS: readonly string[] = Object.keys(FEEDS);

/** What a denoiser with these inputs is fed for the next step of some drawings. */
export function feedsFor(
  inputs: readonly TensorSpec[],
  drawings: readonly Drawing[],
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const spec of inputs) {
    const feed = FEEDS[spec.name];
    if (feed) feeds[spec.name] = feed(drawings, spec);
  }
  return feeds;
}

const rowsOf = (drawings: readonly Drawing[]): number => drawings.reduce((sum, { rows }) => sum + rows, 0);

/** A float32 [rows, ...inner] with the same values in each row of a drawing. */
function perRow(
  drawings: readonly Drawing[],
  width: number,
  values: (drawing: Drawing) => ArrayLike<number>,
  inner: readonly number[] = [width],
): Tensor<'float32'> {
  const rows = rowsOf(drawings);
  const data = new Float32Array(rows * width);
  let row = 0;
  for (const drawing of drawings) {
    const own = values(drawing);
    for (let i = 0; i < drawing.rows; i++) data.set(own, row++ * width);
  }
  return tensor('float32', [rows, ...inner], data);
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
