import { sessionSettings } from '@atelier/inference/service';
import { openBundle } from '@atelier/models';
import { runService } from '@atelier/process';
import { type LoadedModel, rollover } from '@atelier/rollover';
import { config } from './config.ts';
import { loadUpscaler, roleOf, TARGETS, warm } from './model.ts';
import { superResolutionService } from './service.ts';

await runService({
  name: 'super-resolution',
  config,
  start: async ({ config, log, shutdown }) => {
    const load = async (folder: string): Promise<LoadedModel> => {
      const bundle = await openBundle(folder, { roles: TARGETS.map(roleOf) });
      const upscaler = await loadUpscaler(bundle, {
        ...sessionSettings(config),
        maxQueued: config.superResolutionMaxQueued,
      });
      return {
        bindings: [superResolutionService(upscaler)],
        warm: () => warm(upscaler),
        close: () => upscaler.close(),
      };
    };
    const service = await rollover({ path: config.modelBundle, load, log, shutdown });
    return { ...service, address: config.listenAddress };
  },
});
