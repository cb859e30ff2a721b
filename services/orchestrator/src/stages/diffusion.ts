/** Stage 5: the base pictures, drawn at the same time so that the service can batch their steps. */
import type { GeneratedBaseImage, GenerationOptions, Image } from '@atelier/contracts';
import { callerMetadata, internal } from '@atelier/rpc';
import type { Attempt } from '../attempt.ts';
import type { Services } from '../clients.ts';
import { PreviewScreen } from '../preview-screen.ts';
import type { Conditionings } from './encoding.ts';
import type { Inputs } from './harm-detection.ts';

/** Four a second move a bar smoothly; each is an event on NATS for everybody who watches. */
const STEP_INTERVAL_MS = 250;

/** A picture of the base model's size with the seed it was drawn from. */
export interface BaseImage {
  index: number;
  seed: number;
  image: Image;
}

/** What all pictures of a generation are drawn from. */
export interface DrawingInputs {
  conditionings: Conditionings;
  inputs: Inputs;
}

/** Draw `count` pictures from the seeds seed, seed + 1, … (mod 2³²). The first failure cancels the others. */
export async function drawBaseImages(
  attempt: Attempt,
  services: Services,
  { conditionings, inputs }: DrawingInputs,
  previewEvery: number,
): Promise<BaseImage[]> {
  return await attempt.stage('diffusion', async () => {
    const { count, seed } = attempt.generation;
    const failure = new AbortController();
    const signal = AbortSignal.any([attempt.signal, failure.signal]);
    const screen = new PreviewScreen(attempt, services, signal);
    try {
      return await Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const own = (seed + index) >>> 0;
          const request = { conditionings, inputs, seed: own, previewEvery };
          return {
            index,
            seed: own,
            image: await drawOne(attempt, services, index, request, screen, signal),
          };
        }),
      );
    } finally {
      failure.abort();
    }
  });
}

interface DrawRequest extends DrawingInputs {
  seed: number;
  previewEvery: number;
}

async function drawOne(
  attempt: Attempt,
  services: Services,
  index: number,
  { conditionings, inputs, seed, previewEvery }: DrawRequest,
  screen: PreviewScreen,
  signal: AbortSignal,
): Promise<Image> {
  const { steps, guidanceScale } = attempt.request;
  const stream = services.diffusion.generateImage(
    {
      conditioning: conditionings.positive,
      negativeConditioning: conditionings.negative,
      bundleVersion: conditionings.bundleVersion,
      seed,
      previewEvery,
      stepIntervalMs: STEP_INTERVAL_MS,
      ...(steps !== undefined && { steps }),
      ...(guidanceScale !== undefined && { guidanceScale }),
      ...sampling(attempt.request.options),
      ...inputs,
    },
    { signal, metadata: callerMetadata({ name: attempt.generation.tenant }) },
  );
  let step = 0;
  for await (const { event } of stream) {
    if (event.case === 'step') {
      step = event.value.step;
      attempt.progress(index, step, event.value.steps);
    } else if (event.case === 'preview') {
      screen.offer(index, step, event.value);
    } else if (event.case === 'image') {
      return accept(attempt, event.value);
    }
  }
  throw internal('diffusion ended its stream without an image');
}

/** The options that the diffusion service knows by the same names. */
function sampling(options: GenerationOptions | undefined) {
  if (!options) return {};
  const {
    profile,
    sampler,
    timestepSpacing,
    karrasSigmas,
    eta,
    guidanceRescale,
    guidanceInterval,
    strength,
  } = options;
  return {
    profile,
    sampler,
    timestepSpacing,
    ...(karrasSigmas !== undefined && { karrasSigmas }),
    ...(eta !== undefined && { eta }),
    ...(guidanceRescale !== undefined && { guidanceRescale }),
    ...(guidanceInterval && { guidanceInterval }),
    ...(strength !== undefined && { strength }),
  };
}

function accept(attempt: Attempt, base: GeneratedBaseImage): Image {
  if (!base.image) throw internal('diffusion answered an image without pixels');
  attempt.made(base.modelVersion);
  // The model's defaults, where the request had none.
  attempt.note((generation) => {
    generation.steps = base.steps;
    generation.guidanceScale = base.guidanceScale;
  });
  return base.image;
}
