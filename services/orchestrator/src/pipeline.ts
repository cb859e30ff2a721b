/** A generation's stages, in the order of the design. */
import { type GeneratedImage, SafetySubject } from '@atelier/contracts';
import type { Images } from '@atelier/events';
import type { Identity } from '@atelier/provenance/identity';
import type { Attempt } from './attempt.ts';
import type { Services } from './clients.ts';
import { drawBaseImages } from './stages/diffusion.ts';
import { encodePrompts } from './stages/encoding.ts';
import { enhancePrompt } from './stages/enhancement.ts';
import { screenInputs } from './stages/harm-detection.ts';
import { judgeAndEnlarge } from './stages/judging-and-enlarging.ts';
import { screenPrompt } from './stages/prompt-safety.ts';
import { storeImages } from './stages/storing.ts';

export interface PipelineOptions {
  services: Services;
  images: Images;
  /** See config.previewEverySteps. */
  previewEvery: number;
  /** Who signs the pictures' content credentials; null: nobody, they have none. */
  identity: Identity | null;
}

/** Run all stages. Throws Blocked, RpcError, EventsError, or the attempt's Interruption. */
export async function runPipeline(attempt: Attempt, options: PipelineOptions): Promise<GeneratedImage[]> {
  const { services } = options;
  let { prompt } = attempt.request;
  await screenPrompt(attempt, services, prompt, SafetySubject.PROMPT);
  const inputs = await screenInputs(attempt, services, options.images);
  if (attempt.request.enhance) {
    prompt = await enhancePrompt(attempt, services);
    await screenPrompt(attempt, services, prompt, SafetySubject.ENHANCED_PROMPT);
  }
  const conditionings = await encodePrompts(attempt, services, prompt);
  const drawn = await drawBaseImages(attempt, services, { conditionings, inputs }, options.previewEvery);
  const judged = await judgeAndEnlarge(attempt, services, drawn);
  return await storeImages(attempt, options, judged);
}
