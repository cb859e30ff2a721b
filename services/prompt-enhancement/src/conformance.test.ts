import { PromptEnhancementService } from '@atelier/contracts';
import { tinyBundlePath } from '@atelier/models/fixtures';
import { describeModelService } from '@atelier/testkit';

describeModelService({
  name: 'prompt-enhancement',
  service: PromptEnhancementService,
  env: { ATELIER_MODEL_BUNDLE: tinyBundlePath },
  call: (client, limits) => client.enhancePrompt({ prompt: 'A boat on an ocean', seed: 7 }, limits),
  refused: [
    { field: 'prompt', call: (client, limits) => client.enhancePrompt({ prompt: '' }, limits) },
    {
      field: 'style',
      call: (client, limits) => client.enhancePrompt({ prompt: 'a', style: 'none' }, limits),
    },
    {
      field: 'language',
      call: (client, limits) => client.enhancePrompt({ prompt: 'a', language: 'tlh' }, limits),
    },
  ],
});
