/** The harm-detection process. */
import { runService } from '@atelier/process';
import { config } from './config.ts';
import { loadJudge } from './model.ts';
import { harmDetection } from './service.ts';

await runService({
  name: 'harm-detection',
  config,
  start: async ({ config }) => {
    const judge = await loadJudge({
      bundlePath: config.modelBundle,
      maxQueued: config.harmMaxQueued,
      timeoutMs: config.harmTimeoutMs,
    });
    return {
      bindings: [harmDetection(judge)],
      address: config.listenAddress,
      warm: () => judge.warm(),
      close: () => judge.close(),
    };
  },
});
