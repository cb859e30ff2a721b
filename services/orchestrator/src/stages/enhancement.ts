/** Stage 2: a richer prompt that keeps every word of the user's. */
import { create, EnhancedPromptSchema } from '@atelier/contracts';
import type { Attempt } from '../attempt.ts';
import type { Services } from '../clients.ts';

/** The enhanced prompt; recorded together with what was added and by whom. The seed of the picture chooses. */
export async function enhancePrompt(attempt: Attempt, services: Services): Promise<string> {
  return await attempt.stage('prompt-enhancement', async () => {
    const { prompt, language } = attempt.request;
    const { seed } = attempt.generation;
    const { signal } = attempt;
    const enhanced = await services.promptEnhancement.enhancePrompt({ prompt, seed, language }, { signal });
    attempt.made(enhanced.modelVersion);
    attempt.note((generation) => {
      const { prompt, additions } = enhanced;
      generation.enhancedPrompt = create(EnhancedPromptSchema, { prompt, additions });
    });
    return enhanced.prompt;
  });
}
