/** Ending a generation that no worker runs. */
import { GenerationState, timestampNow } from '@atelier/contracts';
import type { RpcError } from '@atelier/rpc';
import { recordFinished } from './metrics.ts';
import { finishedAfter } from './sequence.ts';
import { isFinal, transition } from './state.ts';
import { type GenerationStore, generationOf } from './store.ts';

/** Make the generation FAILED with `error` unless it is final, and tell. Idempotent. */
export async function failGeneration(store: GenerationStore, id: string, error: RpcError): Promise<void> {
  for (;;) {
    const stored = await store.get(id);
    if (!stored) return;
    const found = generationOf(stored.value);
    if (isFinal(found.state)) return await store.publishFinished(found);
    const written = await store.update(stored, (generation) => {
      generation.state = transition(generation.state, GenerationState.FAILED);
      generation.result = { case: 'error', value: error.toStatus() };
      generation.endTime = timestampNow();
      generation.sequence = finishedAfter(generation.attempt);
      delete generation.progress;
    });
    if (!written) continue;
    const failed = generationOf(written.value);
    recordFinished(failed);
    return await store.publishFinished(failed);
  }
}
