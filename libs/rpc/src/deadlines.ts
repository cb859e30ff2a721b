/**
 * Time in the mesh. Every call has a deadline: the caller's, or the budget of the method below. Each hop keeps some
 * of it, so that the hop that is late is the one that says so (letsencrypt/boulder grpc/interceptors.go).
 */

/** What each hop keeps of the caller's deadline for its own answer, milliseconds. */
export const hopReserveMs = 20;

/** A call that has less than this left when it arrives is refused: nothing useful fits in, milliseconds. */
export const minimumMs = 100;

/** Budget of a method that has none below, milliseconds. */
export const defaultBudgetMs = 10_000;

const second = 1_000;

/**
 * Time a caller without a deadline of its own gives each method, milliseconds. These are limits for a machine under
 * load, several times what the method takes on an idle one.
 */
export const budgetsMs: Readonly<Record<string, number>> = {
  'atelier.generation.v1.GenerationService/CreateGeneration': 10 * second,
  'atelier.generation.v1.GenerationService/GetGeneration': 10 * second,
  'atelier.generation.v1.GenerationService/ListGenerations': 10 * second,
  'atelier.generation.v1.GenerationService/CancelGeneration': 10 * second,
  // A watch may outlast the longest queue; a client that is cut off resumes with `after_sequence`.
  'atelier.generation.v1.GenerationService/WatchGeneration': 900 * second,
  'atelier.autocomplete.v1.AutocompleteService/SuggestPrompts': 2 * second,
  'atelier.prompt_safety.v1.PromptSafetyService/ClassifyPrompt': 5 * second,
  'atelier.prompt_safety.v1.PromptSafetyService/ClassifyPrompts': 5 * second,
  'atelier.prompt_enhancement.v1.PromptEnhancementService/EnhancePrompt': 5 * second,
  'atelier.text_encoder.v1.TextEncoderService/EncodeText': 15 * second,
  // 1,000 steps, the most a request may ask for, at 0.3 s each.
  'atelier.diffusion.v1.DiffusionService/GenerateImage': 300 * second,
  'atelier.harm_detection.v1.HarmDetectionService/ClassifyImage': 30 * second,
  'atelier.super_resolution.v1.SuperResolutionService/UpscaleImage': 60 * second,
  'atelier.feedback.v1.FeedbackService/RecordInteraction': 5 * second,
};

/** Budget of a method given as "package.Service/Method", milliseconds. */
export function budgetMs(method: string): number {
  return budgetsMs[method] ?? defaultBudgetMs;
}
