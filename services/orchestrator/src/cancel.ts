/** Stopping a generation, wherever it runs. */
import {
  create,
  type Generation,
  GenerationEventSchema,
  GenerationState,
  timestampNow,
} from '@atelier/contracts';
import { generationEvents } from '@atelier/events';
import { recordFinished } from './metrics.ts';
import { finishedAfter } from './sequence.ts';
import { isFinal, transition } from './state.ts';
import { type GenerationStore, generationOf } from './store.ts';

/**
 * Make the generation CANCELLED unless it is final, then tell its worker, which may be in another process. The record
 * decides: a worker that doesn't hear can't write a result any more. Null when there is no such generation that the caller `maySee`.
 */
export async function cancelGeneration(
  store: GenerationStore,
  id: string,
  maySee: (generation: Generation) => boolean,
): Promise<Generation | null> {
  for (;;) {
    const stored = await store.get(id);
    if (!stored) return null;
    const found = generationOf(stored.value);
    if (!maySee(found)) return null;
    if (isFinal(found.state)) return found;

    const written = await store.update(stored, (generation) => {
      generation.state = transition(generation.state, GenerationState.CANCELLED);
      generation.endTime = timestampNow();
      generation.sequence = finishedAfter(generation.attempt);
      delete generation.progress;
    });
    // The worker wrote in between: look again.
    if (!written) continue;

    const cancelled = generationOf(written.value);
    recordFinished(cancelled);
    store.events.publishLossy(
      generationEvents,
      create(GenerationEventSchema, {
        generationId: id,
        sequence: cancelled.sequence,
        attempt: cancelled.attempt,
        eventTime: timestampNow(),
        what: { case: 'cancelRequested', value: {} },
      }),
    );
    await store.publishFinished(cancelled);
    return cancelled;
  }
}
