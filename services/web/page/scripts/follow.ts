/** A generation as it goes, resumed by the browser where a connection broke. */
import type { WatchEventJson } from '../../src/api/schemas.ts';

export type Followed = { [K in keyof WatchEventJson]: (data: WatchEventJson[K]) => void };

/** Calls `on` for each event until `finished`; `lost` when the server says that there is nothing to follow. @returns how to stop. */
export function follow(id: string, on: Followed, lost: () => void): () => void {
  const source = new EventSource(`/api/generations/${id}/events`);
  for (const name of Object.keys(on) as (keyof Followed)[]) {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      if (name === 'finished') source.close();
      (on[name] as (data: unknown) => void)(JSON.parse(event.data));
    });
  }
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return; // it resumes by itself
    lost();
  });
  return () => source.close();
}
