import {
  DiffusionService,
  type GenerateImageResponseSchema,
  ImageFormat,
  type ImageSchema,
  type MessageInitShape,
  Sampler,
} from '@atelier/contracts';
import { inferenceRpcError } from '@atelier/inference/service';
import { type Binding, bind, callerOf } from '@atelier/rpc';
import { Drawing, type StepOutcome } from './drawing.ts';
import type { StepEngine } from './engine.ts';
import type { Denoiser } from './model.ts';
import { type ParsedOrder, parseOrder } from './order.ts';
import { ddim } from './samplers/ddim.ts';

type Response = MessageInitShape<typeof GenerateImageResponseSchema>;

/** Serves `atelier.diffusion.v1.DiffusionService` with one denoiser. */
export function diffusionService(denoiser: Denoiser, engine: StepEngine): Binding {
  return bind(DiffusionService, {
    async *generateImage(request, call) {
      const parsed = parseOrder(request, denoiser.config, denoiser.dim);
      const plan = ddim(denoiser.config, parsed.steps);
      const drawing = new Drawing(parsed.order, plan, denoiser.size);
      try {
        const remainingMs = call.remainingMs();
        const caller = callerOf(call.metadata);
        for await (const outcome of engine.draw(drawing, { signal: call.signal, remainingMs, caller })) {
          yield* responses(outcome, parsed, denoiser);
        }
      } catch (error) {
        throw inferenceRpcError(error);
      }
    },
  });
}

function* responses(
  outcome: StepOutcome,
  { order, steps }: ParsedOrder,
  denoiser: Denoiser,
): Generator<Response> {
  const { sampleSize } = denoiser.config;
  yield { event: { case: 'step', value: { step: outcome.step, steps } } };
  if (outcome.preview) yield { event: { case: 'preview', value: rgb8(outcome.preview, sampleSize) } };
  if (!outcome.image) return;
  const value = {
    image: rgb8(outcome.image, sampleSize),
    modelVersion: denoiser.identity,
    steps,
    guidanceScale: order.guidance,
    sampler: Sampler.DDIM,
  };
  yield { event: { case: 'image', value } };
}

function rgb8(data: Uint8Array<ArrayBuffer>, side: number): MessageInitShape<typeof ImageSchema> {
  return { width: side, height: side, format: ImageFormat.RGB8, data };
}
