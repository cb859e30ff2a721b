import { PromptSafetyService } from '@atelier/contracts';
import { describeModelService } from '@atelier/testkit';

describeModelService({
  name: 'prompt-safety',
  service: PromptSafetyService,
  call: (client, limits) => client.classifyPrompt({ prompt: 'A boat on an ocean' }, limits),
  refused: [
    { field: 'prompt', call: (client, limits) => client.classifyPrompt({ prompt: '' }, limits) },
    {
      field: 'language',
      call: (client, limits) => client.classifyPrompt({ prompt: 'a boat', language: 'tlh' }, limits),
    },
  ],
});
