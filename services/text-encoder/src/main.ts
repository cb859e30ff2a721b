import { sessionSettings } from '@atelier/inference/service';
import { loadVocabulary, openBundle, VOCABULARY_ROLE } from '@atelier/models';
import { runService } from '@atelier/process';
import { type LoadedModel, rollover } from '@atelier/rollover';
import { EmbeddingCache } from './cache.ts';
import { config } from './config.ts';
import { encoderRoles, loadTextEncoder } from './model.ts';
import { textEncoderService } from './service.ts';

await runService({
  name: 'text-encoder',
  config,
  start: async ({ config, log, shutdown }) => {
    const load = async (folder: string): Promise<LoadedModel> => {
      const present = await openBundle(folder, { roles: [] });
      const known = present.has(VOCABULARY_ROLE);
      const roles = [...encoderRoles(present), ...(known ? [VOCABULARY_ROLE] : [])];
      const bundle = await openBundle(folder, { roles });
      const vocabulary = known ? await loadVocabulary(bundle.file(VOCABULARY_ROLE, 'words')) : undefined;
      const encoder = await loadTextEncoder(bundle, sessionSettings(config), {
        maxBatch: config.textEncoderMaxBatch,
        maxDelayMs: config.textEncoderMaxDelayMs,
        maxQueued: config.textEncoderMaxQueued,
      });
      const cache = new EmbeddingCache(encoder.identity.sha256, config.textEncoderCacheMb * 1_000_000);
      return {
        bindings: [textEncoderService({ encoder, cache, vocabulary, languages: bundle.languages })],
        // The empty text is the embedding that every request without a negative prompt asks for.
        warm: async () => void (await cache.get('', () => encoder.encode(''))),
        close: () => encoder.close(),
      };
    };
    const service = await rollover({ path: config.modelBundle, load, log, shutdown });
    return { ...service, address: config.listenAddress };
  },
});
