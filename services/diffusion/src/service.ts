import {
  DiffusionService,
  type GenerateImageResponseSchema,
  ImageFormat,
  type ImageSchema,
  type MessageInitShape,
} from '@atelier/contracts';
import { inferenceRpcError } from '@atelier/inference/service';
import { type Binding, bind, callerOf } from '@atelier/rpc';
import type { Conditioning } from './conditioning.ts';
import { type Decoder, type Picture, pixelDecoder } from './decoder.ts';
import { Drawing, type StepOutcome } from './drawing.ts';
import { type Encoder, pixelEncoder } from './encoder.ts';
import type { StepEngine } from './engine.ts';
import type { Denoiser } from './model.ts';
import { type ParsedOrder, parseOrder } from './order.ts';
import type { Prior } from './prior.ts';
import { noProfiles, type Profiles, withProfile } from './profiles.ts';
import { ProgressPace } from './progress-pace.ts';
import { planSampling } from './samplers/plan.ts';
import { samplerOnWire } from './sampling-order.ts';
import { prepareSource } from './source-order.ts';

type Response = MessageInitShape<typeof GenerateImageResponseSchema>;

/** What a bundle may have around its denoiser. */
export interface Surroundings {
  /** Turns samples into pictures. */
  readonly decoder: Decoder;
  /** Turns pictures into samples. */
  readonly encoder?: Encoder | undefined;
  /** Draws what prompts leave open. */
  readonly prior?: Prior | undefined;
}

/** In pixel space samples are pictures. */
export const pixelSpace: Surroundings = { decoder: pixelDecoder, encoder: pixelEncoder };

/** Serves `atelier.diffusion.v1.DiffusionService` with one denoiser and what the bundle has around it. */
export function diffusionService(
  denoiser: Denoiser,
  engine: StepEngine,
  { decoder, encoder, prior }: Surroundings = pixelSpace,
  profiles: Profiles = noProfiles,
): Binding {
  return bind(DiffusionService, {
    async *generateImage(asked, call) {
      const request = withProfile(asked, profiles);
      const parsed = parseOrder(request, denoiser, encoder !== undefined);
      try {
        const drawing = await begin(parsed, denoiser, encoder, prior);
        const remainingMs = call.remainingMs();
        const caller = callerOf(call.metadata);
        const pace = new ProgressPace(request.stepIntervalMs);
        for await (const outcome of engine.draw(drawing, { signal: call.signal, remainingMs, caller })) {
          const { step, steps, preview } = outcome;
          if (pace.due(step, steps, performance.now()) || preview)
            yield { event: { case: 'step', value: { step, steps } } };
          yield* pictures(outcome, { ...parsed, profile: request.profile }, denoiser, decoder);
        }
      } catch (error) {
        throw inferenceRpcError(error);
      }
    },
  });
}

async function begin(
  { order, sampling, canvas, source }: ParsedOrder,
  { config }: Denoiser,
  encoder: Encoder | undefined,
  prior: Prior | undefined,
): Promise<Drawing> {
  const { sampler, steps, eta, schedule } = sampling;
  const strength = source?.strength;
  const plan = planSampling(sampler, { ...config, ...schedule }, steps, { eta, strength });
  const begun = source && encoder && (await prepareSource(source, sampling, canvas, encoder));
  const { negative, seed } = order;
  const complete = prior && ((prompt: Conditioning) => prior.complete(prompt, negative, seed));
  return new Drawing(
    { ...order, ...(complete && { complete }), ...(begun && { source: begun }) },
    plan,
    canvas,
  );
}

/** The step's preview, the finished picture, or neither. */
async function* pictures(
  outcome: StepOutcome,
  { order, sampling, canvas, profile }: ParsedOrder & { readonly profile: string },
  denoiser: Denoiser,
  decoder: Decoder,
): AsyncGenerator<Response> {
  if (outcome.preview) {
    const preview = await decoder.decode(outcome.preview, canvas);
    yield { event: { case: 'preview', value: rgb8(preview) } };
  }
  if (!outcome.image) return;
  const value = {
    image: rgb8(await decoder.decode(outcome.image, canvas)),
    modelVersion: denoiser.identity,
    steps: sampling.steps,
    guidanceScale: order.guidance,
    sampler: samplerOnWire(sampling.sampler),
    profile,
  };
  yield { event: { case: 'image', value } };
}

function rgb8({ width, height, rgb }: Picture): MessageInitShape<typeof ImageSchema> {
  return { width, height, format: ImageFormat.RGB8, data: rgb };
}
