/** A log into a database without a process or NATS between. */
import { FeedbackEventSchema, fromBinary, GenerationEventSchema } from '@atelier/contracts';
import { generationRow, interactionRow, parsePrices, type Store } from '@atelier/insights';
import type { LoggedEvent } from './log.ts';

const PRICES = parsePrices('queue=0,*=40000');

/** Keep a log in batches, as the service does with what NATS gives it. */
export async function replay(store: Store, log: readonly LoggedEvent[], batch: number): Promise<void> {
  for (let first = 0; first < log.length; first += batch) {
    const events = log.slice(first, first + batch);
    const feedback = events.filter(({ subject }) => subject.startsWith('atelier.events.feedback.'));
    const ends = events.filter(({ subject }) => subject.startsWith('atelier.events.generation.'));
    await store.keepInteractions(
      feedback.flatMap(({ payload }) => interactionRow(fromBinary(FeedbackEventSchema, payload)) ?? []),
    );
    await store.keepGenerations(
      ends.flatMap(
        ({ payload }) => generationRow(fromBinary(GenerationEventSchema, payload), 'denoiser', PRICES) ?? [],
      ),
    );
  }
}
