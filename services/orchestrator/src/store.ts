/** Records of generations: read, written by compare-and-set, and told about when they are final. */
import {
  clone,
  create,
  type Generation,
  GenerationEventSchema,
  type GenerationRecord,
  GenerationRecordSchema,
} from '@atelier/contracts';
import { type Events, EventsError, generationEvents, type Versioned } from '@atelier/events';
import { isFinal } from './state.ts';

/** A record as read, with the revision that the next write must still find. */
export type Stored = Versioned<GenerationRecord>;

/** The generation in a record. Throws Error for a record that no orchestrator wrote. */
export function generationOf(record: GenerationRecord): Generation {
  if (!record.generation) throw new Error('a record without generation');
  return record.generation;
}

export class GenerationStore {
  readonly events: Events;

  constructor(events: Events) {
    this.events = events;
  }

  /** The record, or null. Throws EventsError `unavailable`. */
  async get(id: string): Promise<Stored | null> {
    return await this.events.generations.get(id);
  }

  /** Write a new record; null when there is one already. */
  async create(record: GenerationRecord): Promise<Stored | null> {
    return await nullOnConflict(this.events.generations.create(generationOf(record).id, record));
  }

  /** Write `change` over the revision that was read; null when someone else wrote since. */
  async update(stored: Stored, change: (generation: Generation) => void): Promise<Stored | null> {
    const record = clone(GenerationRecordSchema, stored.value);
    change(generationOf(record));
    return await this.write(record, stored.revision);
  }

  /** Write a whole record over `revision`; null when someone else wrote since. */
  async write(record: GenerationRecord, revision: number): Promise<Stored | null> {
    return await nullOnConflict(this.events.generations.update(generationOf(record).id, record, revision));
  }

  /**
   * Tell that a generation is final. Whoever made it final does; whoever later meets it does again, in case the first
   * died in between: the stream takes the first of them only.
   */
  async publishFinished(generation: Generation): Promise<void> {
    if (!isFinal(generation.state)) throw new Error('not final');
    const event = create(GenerationEventSchema, {
      generationId: generation.id,
      sequence: generation.sequence,
      attempt: generation.attempt,
      what: { case: 'finished', value: generation },
      ...(generation.endTime && { eventTime: generation.endTime }),
    });
    await this.events.publish(generationEvents, event, { onlyFirst: true });
  }
}

async function nullOnConflict<T>(write: Promise<T>): Promise<T | null> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof EventsError && error.code === 'conflict') return null;
    throw error;
  }
}
