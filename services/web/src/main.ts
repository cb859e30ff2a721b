/** The web edge's process. */
import { FeedbackService } from '@atelier/contracts';
import { runService } from '@atelier/process';
import { bind } from '@atelier/rpc';
import { config } from './config.ts';
import { startWeb } from './web.ts';

await runService({
  name: 'web',
  config,
  start: async ({ config, log, shutdown }) => {
    const web = await startWeb(config, log, shutdown);
    return {
      address: config.listenAddress,
      bindings: [bind(FeedbackService, web.feedback)],
      warm: async () => void (await web.listen()),
      close: () => web.close(),
    };
  },
});
