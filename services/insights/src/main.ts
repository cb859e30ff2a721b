/** The insights service: events → online metrics. */
import { InsightsService } from '@atelier/contracts';
import { runService } from '@atelier/process';
import { bind } from '@atelier/rpc';
import { config } from './config.ts';
import { startInsights } from './insights.ts';

await runService({
  name: 'insights',
  config,
  start: async ({ config, log, shutdown }) => {
    const insights = await startInsights(config, log, shutdown);
    return {
      address: config.listenAddress,
      bindings: [bind(InsightsService, insights.service)],
      close: () => insights.close(),
    };
  },
});
