/** The prompt-enhancement service: prompt → richer prompt. */
import { PromptEnhancementService } from '@atelier/contracts';
import { sessionSettings } from '@atelier/inference/service';
import { runService } from '@atelier/process';
import { bind } from '@atelier/rpc';
import { config } from './config.ts';
import { loadKnowledge } from './knowledge.ts';
import { loadEnhancer } from './model.ts';
import { balanced, loadRepresentation } from './representation.ts';
import { promptEnhancementService } from './service.ts';

await runService({
  name: 'prompt-enhancement',
  config,
  start: async ({ config: settings, log }) => {
    const { modelBundle, representationFile, enhancerTimeoutMs } = settings;
    const drawn = settings.representation === 'balanced' ? balanced : undefined;
    const [knows, representation, enhancer] = await Promise.all([
      loadKnowledge(modelBundle),
      representationFile ? loadRepresentation(representationFile) : drawn,
      loadEnhancer(modelBundle, sessionSettings(settings)),
    ]);
    log.info({ representation: representation !== undefined, enhancer: enhancer?.identity }, 'loaded');
    const service = promptEnhancementService({ knows, representation, enhancer, enhancerTimeoutMs });
    return {
      address: settings.listenAddress,
      bindings: [bind(PromptEnhancementService, service)],
      warm: async () => void (await enhancer?.propose('a boat on an ocean', 0, AbortSignal.timeout(60_000))),
      close: async () => await enhancer?.close(),
    };
  },
});
