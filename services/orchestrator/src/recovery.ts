/** What a replica that died between recording a generation and queueing it left behind. */
import { GenerationState } from '@atelier/contracts';
import { enqueue } from './admission.ts';
import { createMsOfKey, idOfKey } from './identity.ts';
import { type GenerationStore, generationOf } from './store.ts';

/** Younger ones may be in the middle of their admission, milliseconds. */
const SETTLED_MS = 10_000;
/** Older ones were recovered long ago, or nobody waits for them, milliseconds. */
const FORGOTTEN_MS = 3_600_000;

/** Queue every generation of the last hour that is still ACCEPTED. Runs once, when a replica starts. @returns how many. */
export async function recover(store: GenerationStore, now = Date.now()): Promise<number> {
  let recovered = 0;
  for (const key of await store.events.generationIndex.keys()) {
    const ageMs = now - createMsOfKey(key);
    if (ageMs < SETTLED_MS || ageMs > FORGOTTEN_MS) continue;
    const stored = await store.get(idOfKey(key));
    if (!stored || generationOf(stored.value).state !== GenerationState.ACCEPTED) continue;
    await enqueue(store, stored);
    recovered += 1;
  }
  return recovered;
}
