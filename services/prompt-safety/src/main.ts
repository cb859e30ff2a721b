/** The prompt-safety process. */
import { runService } from '@atelier/process';
import { config } from './config.ts';
import { loadJudges } from './model.ts';
import { promptSafety } from './service.ts';

await runService({
  name: 'prompt-safety',
  config,
  start: async ({ config }) => {
    const judges = loadJudges();
    return {
      bindings: [promptSafety(judges)],
      address: config.listenAddress,
      warm: () => judges.warm(),
      close: () => judges.close(),
    };
  },
});
