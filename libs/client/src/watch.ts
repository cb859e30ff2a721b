/** Following a generation over a connection that may break: resumed where it broke, by sequence number. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type GenerationService, GenerationState, type WatchGenerationResponse } from '@atelier/contracts';
import { type Client, Code, RpcError } from '@atelier/rpc';
import type { WatchOptions } from './client.ts';

/** One event: `case` is snapshot, stageStarted, stageFinished, progress, preview or finished. */
export type WatchEvent = Exclude<WatchGenerationResponse['event'], { case: undefined }>;

/** An event with the number that a later watch resumes behind. */
export type NumberedWatchEvent = WatchEvent & { sequence: bigint };

/** Broken watches in a row before the error is the caller's. */
const MAX_RESUMES = 5;
const RESUME_DELAY_MS = 300;

const FINAL: readonly GenerationState[] = [
  GenerationState.SUCCEEDED,
  GenerationState.FAILED,
  GenerationState.BLOCKED,
  GenerationState.CANCELLED,
];

/** Whether a generation has ended. */
export const isFinal = (state: GenerationState): boolean => FINAL.includes(state);

/** Events up to and with `finished`. A resumed watch begins with another snapshot; other events never repeat. */
export async function* watchGeneration(
  client: Client<typeof GenerationService>,
  id: string,
  { afterSequence = 0n, previews = true, signal }: WatchOptions,
): AsyncGenerator<NumberedWatchEvent, void, undefined> {
  let last = afterSequence;
  let broken = 0;
  while (true) {
    try {
      const watch = client.watchGeneration({ id, afterSequence: last, previews }, signal ? { signal } : {});
      for await (const { event, sequence } of watch) {
        broken = 0;
        if (sequence > last) last = sequence;
        if (event.case === undefined) continue; // an event of a newer server
        yield { ...event, sequence };
        if (event.case === 'finished') return;
      }
      throw new RpcError(Code.UNAVAILABLE, 'the watch ended before the generation');
    } catch (thrown) {
      const error = RpcError.from(thrown);
      if (error.code !== Code.UNAVAILABLE || ++broken > MAX_RESUMES) throw error;
      await sleep(
        Math.max(error.retryAfterMs ?? 0, RESUME_DELAY_MS * broken),
        undefined,
        signal && { signal },
      );
    }
  }
}
