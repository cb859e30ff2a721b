/** Events from JetStream into the database, each once: acknowledged after the commit, recognised when it comes again. */
import { type Events, FINISHED_GENERATIONS, feedbackEvents, generationEvents } from '@atelier/events';
import type { Log } from '@atelier/process';
import type { Prices } from './store/prices.ts';
import { generationRow, interactionRow } from './store/rows.ts';
import type { Store } from './store/store.ts';

export interface IngestOptions {
  events: Events;
  store: Store;
  log: Log;
  signal: AbortSignal;
  /** See config.insightsRole, insightsPrices, insightsBatch, insightsAckWaitMs. */
  role: string;
  prices: Prices;
  maxMessages: number;
  ackWaitMs: number;
  /** Called when somebody has withdrawn consent, after that is kept. */
  onWithdrawal: () => void;
}

/** Name of the consumers on both streams. */
const DURABLE = 'insights';

/** Follow both streams until the signal aborts. Never rejects: NATS is waited for. */
export async function ingest(options: IngestOptions): Promise<void> {
  const { events, store, log, signal, maxMessages, ackWaitMs } = options;
  const reading = {
    durable: DURABLE,
    signal,
    maxMessages,
    ackWaitMs,
    onError: (err: Error) => log.warn({ err }, 'events wait'),
    onMalformed: (subject: string) => log.warn({ subject }, 'an event that is none was left out'),
  };
  const known = <T>(rows: readonly (T | null)[]): T[] => {
    const valid = rows.filter((row) => row !== null);
    const refused = rows.length - valid.length;
    if (refused > 0) log.warn({ refused }, 'events that break their contract were left out');
    return valid;
  };
  await Promise.all([
    events.consumeBatches(feedbackEvents, {
      ...reading,
      handle: async (batch) => {
        const rows = known(batch.map(interactionRow));
        await store.keepInteractions(rows);
        if (rows.some(({ kind, consent }) => kind === 'consentChanged' && !consent)) options.onWithdrawal();
      },
    }),
    events.consumeBatches(generationEvents, {
      ...reading,
      filter: FINISHED_GENERATIONS,
      handle: async (batch) =>
        await store.keepGenerations(
          known(batch.map((event) => generationRow(event, options.role, options.prices))),
        ),
    }),
  ]);
}
