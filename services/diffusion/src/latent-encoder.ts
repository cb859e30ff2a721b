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
import { type Encoder, pixelEncoder } from './encoder.ts';
import { DECODER_ROLE } from './latent-decoder.ts';
import { type LatentScale, latentScales } from './latent-scale.ts';
import { toPlanes } from './pixels.ts';
import type { EncodedPicture } from './source.ts';

/** The role of a latent model's encoder; without it such a model begins from noise alone. */
export const ENCODER_ROLE = 'vae_encoder';

/** Bounds of a posterior's log variance, as diffusers has them. */
const LEAST_LOG_VARIANCE = -30;
const MOST_LOG_VARIANCE = 20;

/** The encoder of the bundle's latents; undefined for a latent model that has none. */
export async function loadEncoder(
  bundle: Bundle,
  options: Omit<SessionOptions, 'name'>,
): Promise<Encoder | undefined> {
  if (!bundle.has(DECODER_ROLE)) return pixelEncoder;
  if (!bundle.has(ENCODER_ROLE)) return undefined;
  const scaleOf = latentScales(bundle, ENCODER_ROLE);
  const file = bundle.file(ENCODER_ROLE);
  const session = await createSession(file, { name: ENCODER_ROLE, ...options });
  const [input] = session.inputs;
  const output = session.outputs[0]?.name ?? '';
  if (!input || session.inputs.length !== 1 || input.shape.length !== 4) {
    await session.close();
    throw new InferenceError('MODEL_LOAD_FAILED', `${file} must have one input, pictures [B, 3, H, W]`);
  }

  return {
    async encode({ rgb, width, height }, canvas) {
      const feed = tensor('float32', [1, 3, height, width], toPlanes(rgb));
      const { data, dims } = floatOutput(
        await session.run({ [input.name]: asType(feed, input.type) }),
        output,
      );
      const { channels } = canvas;
      const [, found = 0, ...sides] = dims;
      const gaussian = found === 2 * channels;
      if ((!gaussian && found !== channels) || sides[0] !== canvas.height || sides[1] !== canvas.width) {
        const wanted = `[1, ${channels} or ${2 * channels}, ${canvas.height}, ${canvas.width}]`;
        throw new InferenceError(
          'RUN_FAILED',
          `"${output}" of ${file} is [${dims.join(', ')}], not ${wanted}`,
        );
      }
      if (!allFinite(data)) {
        throw new InferenceError('NON_FINITE_OUTPUT', `"${output}" of ${file} has NaN or infinity`);
      }
      return scaled(data, gaussian, canvas, scaleOf);
    },
    close: () => session.close(),
  };
}

/** A VAE's latent in the denoiser's units. @param gaussian whether log variances follow the means (Optimum's `latent_parameters`). */
function scaled(
  data: Float32Array,
  gaussian: boolean,
  { channels, height, width }: Canvas,
  scaleOf: (channel: number) => LatentScale,
): EncodedPicture {
  const plane = height * width;
  const scales = Array.from({ length: channels }, (_, channel) => scaleOf(channel));
  const scaleAt = (i: number): LatentScale => scales[Math.floor(i / plane)] as LatentScale;
  const mean = data.slice(0, channels * plane).map((value, i) => {
    const { shift, scaling, deviation } = scaleAt(i);
    return ((value - shift) * scaling) / deviation;
  });
  if (!gaussian) return { mean };
  const spread = data.slice(channels * plane).map((value, i) => {
    const { scaling, deviation } = scaleAt(i);
    const logVariance = Math.min(Math.max(value, LEAST_LOG_VARIANCE), MOST_LOG_VARIANCE);
    return (Math.exp(logVariance / 2) * scaling) / deviation;
  });
  return { mean, deviation: spread };
}
