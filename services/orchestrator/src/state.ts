/** The life of a generation, as a table: which state may follow which. Pure. */
import { GenerationState, GenerationStateSchema } from '@atelier/contracts';

const { ACCEPTED, QUEUED, RUNNING, SUCCEEDED, FAILED, BLOCKED, CANCELLED } = GenerationState;

/**
 * RUNNING follows RUNNING when another worker takes over. A worker may be faster than the note that its job was queued,
 * so RUNNING may follow ACCEPTED.
 */
const NEXT: Readonly<Partial<Record<GenerationState, readonly GenerationState[]>>> = {
  [GenerationState.UNSPECIFIED]: [ACCEPTED],
  [ACCEPTED]: [QUEUED, RUNNING, FAILED, CANCELLED],
  [QUEUED]: [RUNNING, FAILED, CANCELLED],
  [RUNNING]: [RUNNING, SUCCEEDED, FAILED, BLOCKED, CANCELLED],
  [SUCCEEDED]: [],
  [FAILED]: [],
  [BLOCKED]: [],
  [CANCELLED]: [],
};

/** Whether nothing can follow. */
export const isFinal = (state: GenerationState): boolean => NEXT[state]?.length === 0;

/** Whether `to` may follow `from`. */
export const mayFollow = (from: GenerationState, to: GenerationState): boolean =>
  NEXT[from]?.includes(to) ?? false;

/** `to`, when it may follow `from`. Throws Error: a caller that gets here has a bug. */
export function transition(from: GenerationState, to: GenerationState): GenerationState {
  if (!mayFollow(from, to)) {
    throw new Error(`a generation can't go from ${stateName(from)} to ${stateName(to)}`);
  }
  return to;
}

/** "RUNNING", for logs and metrics. */
export const stateName = (state: GenerationState): string =>
  GenerationStateSchema.value[state]?.localName ?? String(state);
