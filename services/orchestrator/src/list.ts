/** A tenant's generations, newest first. */
import type { Generation } from '@atelier/contracts';
import { idOfKey, pageToken } from './identity.ts';
import { type GenerationStore, generationOf } from './store.ts';

export interface Page {
  generations: Generation[];
  /** Empty on the last page. */
  nextPageToken: string;
}

/** At most `pageSize` generations of `tenant` behind the index key `after` ("" for the first page). */
export async function listGenerations(
  store: GenerationStore,
  tenant: string,
  after: string,
  pageSize: number,
): Promise<Page> {
  const keys = await store.events.generationIndex.page(tenant, after, pageSize + 1);
  const shown = keys.slice(0, pageSize);
  const records = await Promise.all(shown.map((key) => store.get(idOfKey(key))));
  const last = shown.at(-1);
  return {
    // A record may have expired before its key.
    generations: records.flatMap((stored) => (stored ? [generationOf(stored.value)] : [])),
    nextPageToken: keys.length > pageSize && last ? pageToken(last) : '',
  };
}
