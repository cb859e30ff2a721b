/** A small service in a process of its own, for run-service.test.ts: it judges every prompt after a pause. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PromptSafetyService } from '@atelier/contracts';
import { bind } from '@atelier/rpc';
import { z } from 'zod';
import { defineConfig } from './config.ts';
import { runService } from './run-service.ts';

const config = defineConfig(
  z.object({
    warmMs: z.coerce.number().int().default(0),
    answerMs: z.coerce.number().int().default(0),
    failStart: z.stringbool().default(false),
  }),
);

await runService({
  name: 'fixture',
  config,
  start: async ({ config, log, shutdown }) => {
    if (config.failStart) throw new Error('no model');
    shutdown.addEventListener('abort', () => log.info('no more work'));
    return {
      address: '127.0.0.1:0',
      bindings: [
        bind(PromptSafetyService, {
          async classifyPrompt() {
            log.info('judging');
            await sleep(config.answerMs);
            return { verdict: { allowed: true } };
          },
          classifyPrompts: async () => ({}),
        }),
      ],
      warm: () => sleep(config.warmMs),
      close: async () => log.info('released'),
    };
  },
});
