/** The harm-detection process. */
import { runService } from '@atelier/process';
import { type LoadedModel, rollover } from '@atelier/rollover';
import { config } from './config.ts';
import { loadJudge } from './model.ts';
import { harmDetection } from './service.ts';

await runService({
  name: 'harm-detection',
  config,
  start: async ({ config, log, shutdown }) => {
    const load = async (bundlePath: string | undefined): Promise<LoadedModel> => {
      const judge = await loadJudge({
        bundlePath,
        maxQueued: config.harmMaxQueued,
        timeoutMs: config.harmTimeoutMs,
      });
      return { bindings: [harmDetection(judge)], warm: () => judge.warm(), close: () => judge.close() };
    };
    const service = await rollover({ path: config.modelBundle, load, log, shutdown });
    return { ...service, address: config.listenAddress };
  },
});
