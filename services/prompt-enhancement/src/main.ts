/** The prompt-enhancement service: prompt → richer prompt. */
import { PromptEnhancementService } from '@atelier/contracts';
import { runService } from '@atelier/process';
import { bind } from '@atelier/rpc';
import { config } from './config.ts';
import { enhance } from './enhance.ts';
import { loadKnowledge } from './knowledge.ts';
import { loadRepresentation } from './representation.ts';
import { promptEnhancementService } from './service.ts';

await runService({
  name: 'prompt-enhancement',
  config,
  start: async ({ config: { listenAddress, modelBundle, representationFile }, log }) => {
    const knows = await loadKnowledge(modelBundle);
    const representation = representationFile ? await loadRepresentation(representationFile) : undefined;
    log.info({ representation: representation !== undefined }, 'rules loaded');
    return {
      address: listenAddress,
      bindings: [bind(PromptEnhancementService, promptEnhancementService({ knows, representation }))],
      warm: async () => void enhance('a boat on an ocean', { seed: 0, knows }),
    };
  },
});
