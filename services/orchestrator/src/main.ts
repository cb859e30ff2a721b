/** The orchestrator's process. */
import { runService } from '@atelier/process';
import { config } from './config.ts';
import { startOrchestrator } from './orchestrator.ts';

/** Largest request, bytes: a picture and a mask of 4 MiB each, and two prompts. */
const MAX_REQUEST_BYTES = 9_437_184;

await runService({
  name: 'orchestrator',
  config,
  start: async ({ config, log, shutdown }) => {
    const orchestrator = await startOrchestrator(config, log, shutdown);
    return {
      bindings: orchestrator.bindings,
      guard: orchestrator.guard,
      address: config.listenAddress,
      maxMessageBytes: MAX_REQUEST_BYTES,
      warm: async () => orchestrator.work(),
      close: () => orchestrator.close(),
    };
  },
});
