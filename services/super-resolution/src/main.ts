import { sessionSettings } from '@atelier/inference/service';
import { openBundle } from '@atelier/models';
import { runService } from '@atelier/process';
import { config } from './config.ts';
import { loadUpscaler, roleOf, TARGETS, warm } from './model.ts';
import { superResolutionService } from './service.ts';

await runService({
  name: 'super-resolution',
  config,
  start: async ({ config }) => {
    const bundle = await openBundle(config.modelBundle, { roles: TARGETS.map(roleOf) });
    const upscaler = await loadUpscaler(bundle, {
      ...sessionSettings(config),
      maxQueued: config.superResolutionMaxQueued,
    });
    return {
      bindings: [superResolutionService(upscaler)],
      address: config.listenAddress,
      warm: () => warm(upscaler),
      close: () => upscaler.close(),
    };
  },
});
