import {
  allFinite,
  asType,
  createSession,
  floatOutput,
  InferenceError,
  type SessionOptions,
  tensor,
} from '@atelier/inference';
import type { Bundle } from '@atelier/models';
import type { Canvas } from './canvas.ts';
import { type Decoder, pixelDecoder } from './decoder.ts';
import { type LatentScale, latentScales } from './latent-scale.ts';
import { toRgb8 } from './pixels.ts';
import { decodeTiled, type Planes } from './tiling.ts';

/** The role of a latent model's decoder; pixel-space bundles have none. */
export const DECODER_ROLE = 'vae_decoder';

export interface LatentDecoderOptions extends Omit<SessionOptions, 'name'> {
  /** Latents with a longer side are decoded in tiles of this side; pixels of the picture. */
  readonly tilePixels: number;
}

/** The decoder of the bundle's latents; of a bundle without one, its samples are pictures. */
export async function loadDecoder(
  bundle: Bundle,
  { tilePixels, ...options }: LatentDecoderOptions,
): Promise<Decoder> {
  if (!bundle.has(DECODER_ROLE)) return pixelDecoder;
  const scaleOf = latentScales(bundle, DECODER_ROLE);
  const file = bundle.file(DECODER_ROLE);
  const session = await createSession(file, { name: DECODER_ROLE, ...options });
  const [input] = session.inputs;
  const output = session.outputs[0]?.name ?? '';
  if (!input || session.inputs.length !== 1 || input.shape.length !== 4) {
    await session.close();
    throw new InferenceError('MODEL_LOAD_FAILED', `${file} must have one input, latents [B, C, H, W]`);
  }

  async function decodeTile(
    latent: Float32Array,
    { channels, height, width, scale }: Canvas,
  ): Promise<Planes> {
    if (!input) throw new TypeError('checked above');
    const feed = tensor('float32', [1, channels, height, width], latent as Float32Array<ArrayBuffer>);
    const outputs = await session.run({ [input.name]: asType(feed, input.type) });
    const { data, dims } = floatOutput(outputs, output);
    if (dims[1] !== 3 || dims[2] !== height * scale || dims[3] !== width * scale) {
      throw new InferenceError(
        'RUN_FAILED',
        `"${output}" of ${file} is [${dims.join(', ')}], not [1, 3, ${height * scale}, ${width * scale}]`,
      );
    }
    return { height: height * scale, width: width * scale, data };
  }

  return {
    async decode(sample, canvas) {
      const latent = unscaled(sample, canvas, scaleOf);
      const tile = Math.floor(tilePixels / canvas.scale);
      const planes = await (Math.max(canvas.height, canvas.width) > tile
        ? decodeTiled(latent, canvas, tile, decodeTile)
        : decodeTile(latent, canvas));
      if (!allFinite(planes.data)) {
        throw new InferenceError('NON_FINITE_OUTPUT', `"${output}" of ${file} has NaN or infinity`);
      }
      return { width: planes.width, height: planes.height, rgb: toRgb8(planes.data) };
    },
    close: () => session.close(),
  };
}

/** What the decoder was trained on, in memory of its own: the denoiser's sample back in the VAE's units. */
function unscaled(
  sample: Float32Array,
  { channels }: Canvas,
  scaleOf: (channel: number) => LatentScale,
): Float32Array {
  const plane = sample.length / channels;
  const scales = Array.from({ length: channels }, (_, channel) => scaleOf(channel));
  return sample.map((value, i) => {
    const { deviation, scaling, shift } = scales[Math.floor(i / plane)] as LatentScale;
    return (value * deviation) / scaling + shift;
  });
}
