import {
  DiffusionService,
  type GenerateImageResponseSchema,
  ImageFormat,
  type ImageSchema,
  type MessageInitShape,
} from '@atelier/contracts';
import { inferenceRpcError } from '@atelier/inference/service';
import { type Binding, bind, callerOf } from '@atelier/rpc';
import { type Decoder, type Picture, pixelDecoder } from './decoder.ts';
import { Drawing, type StepOutcome } from './drawing.ts';
import type { StepEngine } from './engine.ts';
import type { Denoiser } from './model.ts';
import { type ParsedOrder, parseOrder } from './order.ts';
import { planSampling } from './samplers/plan.ts';
import { samplerOnWire } from './sampling-order.ts';

type Response = MessageInitShape<typeof GenerateImageResponseSchema>;

/** Serves `atelier.diffusion.v1.DiffusionService` with one denoiser, and the decoder of its latents if it has any. */
export function diffusionService(
  denoiser: Denoiser,
  engine: StepEngine,
  decoder: Decoder = pixelDecoder,
): Binding {
  return bind(DiffusionService, {
    async *generateImage(request, call) {
      const parsed = parseOrder(request, denoiser);
      const { sampler, steps, eta } = parsed.sampling;
      const plan = planSampling(sampler, denoiser.config, steps, { eta });
      const drawing = new Drawing(parsed.order, plan, parsed.canvas);
      try {
        const remainingMs = call.remainingMs();
        const caller = callerOf(call.metadata);
        for await (const outcome of engine.draw(drawing, { signal: call.signal, remainingMs, caller })) {
          yield* responses(outcome, parsed, denoiser, decoder);
        }
      } catch (error) {
        throw inferenceRpcError(error);
      }
    },
  });
}

async function* responses(
  outcome: StepOutcome,
  { order, sampling, canvas }: ParsedOrder,
  denoiser: Denoiser,
  decoder: Decoder,
): AsyncGenerator<Response> {
  yield { event: { case: 'step', value: { step: outcome.step, steps: outcome.steps } } };
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
  };
  yield { event: { case: 'image', value } };
}

function rgb8({ width, height, rgb }: Picture): MessageInitShape<typeof ImageSchema> {
  return { width, height, format: ImageFormat.RGB8, data: rgb };
}
