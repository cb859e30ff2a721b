/** Everything of the service, put together and taken apart. */

import type { InsightsService } from '@atelier/contracts';
import { create, GetExperimentResponseSchema, GetMetricsResponseSchema } from '@atelier/contracts';
import { connectEvents } from '@atelier/events';
import type { Log } from '@atelier/process';
import type { ServiceImpl } from '@atelier/rpc';
import type { Config } from './config.ts';
import { readExperiments } from './experiments/definitions.ts';
import { resultsOf } from './experiments/results.ts';
import { Exporter } from './export/exporter.ts';
import { UserDataFolder } from './export/user-data-folder.ts';
import { ingest } from './ingest.ts';
import { count } from './metrics/count.ts';
import { metricsOf } from './metrics/metrics.ts';
import { EVER } from './metrics/tallies.ts';
import { pageOf } from './page/html.ts';
import { type PageServer, servePage } from './page/server.ts';
import { observeMetrics } from './prometheus.ts';
import { recently } from './recently.ts';
import { insightsService } from './service.ts';
import { Store } from './store/store.ts';

export interface Insights {
  service: ServiceImpl<typeof InsightsService>;
  /** Ends when the work in hand has ended, after the shutdown signal. */
  close(): Promise<void>;
}

/** How old figures on the page and for Prometheus may be, milliseconds. */
const FRESH_MS = 5_000;

/** Open the database, follow the events, serve page and gauges. @throws Error when database or NATS can't be had. */
export async function startInsights(config: Config, log: Log, shutdown: AbortSignal): Promise<Insights> {
  const experiments = await readExperiments(config.insightsExperiments);
  const store = await Store.open({
    file: config.insightsDatabase,
    memoryMib: config.insightsMemoryMib,
    threads: config.insightsThreads,
  });
  const events = await connectEvents({
    servers: config.natsUrl,
    seedFile: config.natsSeedFile,
    name: 'insights',
  });
  const { insightsParquetFolder: parquet, insightsUserDataFolder: userData } = config;
  const exporter =
    parquet === undefined && userData === undefined
      ? undefined
      : new Exporter({
          ...(parquet !== undefined && { parquet: { store, folder: parquet } }),
          ...(userData !== undefined && { userData: new UserDataFolder(store, events, userData) }),
        });
  const exportSoon = (): void => {
    exporter?.run().catch((err: unknown) => log.error({ err }, 'export failed'));
  };
  const every = config.insightsExportEveryMs;
  const timer = exporter && every > 0 ? setInterval(exportSoon, every) : undefined;
  const ingesting = ingest({
    events,
    store,
    log,
    signal: shutdown,
    role: config.insightsRole,
    prices: config.insightsPrices,
    maxMessages: config.insightsBatch,
    ackWaitMs: config.insightsAckWaitMs,
    onWithdrawal: exportSoon,
  });

  const metrics = recently(FRESH_MS, async () =>
    create(GetMetricsResponseSchema, metricsOf(await store.read((query) => count(query, EVER)), EVER)),
  );
  const results = recently(FRESH_MS, async () => {
    const all = [];
    for (const experiment of experiments.values())
      all.push(await store.read((query) => resultsOf(query, experiment)));
    return all.map((result) => create(GetExperimentResponseSchema, result));
  });
  const stopObserving = observeMetrics(metrics, (err) => log.warn({ err }, 'no figures for Prometheus'));
  let page: PageServer | undefined;
  if (config.pageAddress !== undefined) {
    const render = async (): Promise<string> => pageOf(await metrics(), await results());
    page = await servePage(config.pageAddress, render, (err) => log.warn({ err }, 'no figures for the page'));
  }

  return {
    service: insightsService({ store, experiments, ...(exporter && { exporter }) }),
    async close() {
      clearInterval(timer);
      stopObserving();
      await page?.close();
      await ingesting;
      await exporter?.idle();
      await events.close();
      await store.close();
    },
  };
}
