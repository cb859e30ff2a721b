/** The prompt-enhancement service: prompt → richer prompt. */
import { PromptEnhancementService } from '@atelier/contracts';
import { sessionSettings } from '@atelier/inference/service';
import { runService } from '@atelier/process';
import { type LoadedModel, rollover } from '@atelier/rollover';
import { bind } from '@atelier/rpc';
import { config } from './config.ts';
import { loadKnowledge } from './knowledge.ts';
import { loadEnhancer } from './model.ts';
import { balanced, loadRepresentation } from './representation.ts';
import { promptEnhancementService } from './service.ts';

await runService({
  name: 'prompt-enhancement',
  config,
  start: async ({ config: settings, log, shutdown }) => {
    const { representationFile, enhancerTimeoutMs } = settings;
    const drawn = settings.representation === 'balanced' ? balanced : undefined;
    const representation = representationFile ? await loadRepresentation(representationFile) : drawn;
    const load = async (folder: string): Promise<LoadedModel> => {
      const [knows, enhancer] = await Promise.all([
        loadKnowledge(folder),
        loadEnhancer(folder, sessionSettings(settings)),
      ]);
      log.info({ representation: representation !== undefined, enhancer: enhancer?.identity }, 'loaded');
      const service = promptEnhancementService({ knows, representation, enhancer, enhancerTimeoutMs });
      return {
        bindings: [bind(PromptEnhancementService, service)],
        warm: async () =>
          void (await enhancer?.propose('a boat on an ocean', 0, AbortSignal.timeout(60_000))),
        close: async () => await enhancer?.close(),
      };
    };
    const service = await rollover({ path: settings.modelBundle, load, log, shutdown });
    return { ...service, address: settings.listenAddress };
  },
});
