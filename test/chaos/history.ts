/** What clients saw of generations, in the order in which they saw it, and what the store holds at the end. */
import { type Generation, GenerationState, GenerationStateSchema } from '@atelier/contracts';

/** What can be told of a generation at one moment. */
export interface Glimpse {
  state: GenerationState;
  attempt: number;
  sequence: bigint;
  /** SHA-256 of each picture. */
  pictures: string[];
}

export type Observation =
  /** A creation was answered. The same request may be answered again. */
  | { kind: 'accepted'; requestId: string; id: string }
  /** A generation was read, by a get, a snapshot or a `finished`; one observer's come in real-time order. */
  | { kind: 'seen'; id: string; observer: string; glimpse: Glimpse }
  /** A message of a watch, whatever it told. */
  | { kind: 'told'; id: string; observer: string; sequence: bigint; finished: boolean };

/** What the store holds when all is quiet. */
export interface Audit {
  /** Every generation there is, by id, with the request it came from. */
  records: Map<string, { requestId: string; glimpse: Glimpse }>;
  /** How often the stream tells that a generation is finished, by id. */
  finished: Map<string, number>;
}

export class History {
  readonly observations: Observation[] = [];

  accepted(requestId: string, id: string): void {
    this.observations.push({ kind: 'accepted', requestId, id });
  }

  seen(observer: string, generation: Generation): void {
    this.observations.push({ kind: 'seen', id: generation.id, observer, glimpse: glimpseOf(generation) });
  }

  told(observer: string, id: string, sequence: bigint, finished: boolean): void {
    this.observations.push({ kind: 'told', id, observer, sequence, finished });
  }
}

export function glimpseOf({ state, attempt, sequence, result }: Generation): Glimpse {
  const pictures = result.case === 'images' ? result.value.images.map(({ sha256 }) => sha256) : [];
  return { state, attempt, sequence, pictures };
}

/** Requests that must draw the same picture share what is before the last dot of their id: `seed-7.123`. */
export const drawingOf = (requestId: string): string => requestId.slice(0, requestId.lastIndexOf('.'));

const { SUCCEEDED, FAILED, BLOCKED, CANCELLED } = GenerationState;
export const isFinal = (state: GenerationState): boolean =>
  ([SUCCEEDED, FAILED, BLOCKED, CANCELLED] as GenerationState[]).includes(state);

/** "RUNNING". */
export const stateName = (state: GenerationState): string =>
  GenerationStateSchema.value[state]?.localName ?? String(state);
