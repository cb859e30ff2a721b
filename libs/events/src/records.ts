/** A key-value bucket of protobuf messages with compare-and-set. */

import { equals, fromBinary, type MessageShape, toBinary } from '@atelier/contracts';
import { failpoint } from '@atelier/failpoints';
import type { DescMessage } from '@bufbuild/protobuf';
import type { KV } from '@nats-io/kv';
import { EventsError } from './errors.ts';
import type { Retrying } from './retry.ts';

const PATIENCE_MS = 15_000;

/** A record and the revision it was read at. */
export interface Versioned<T> {
  value: T;
  revision: number;
}

export class Records<D extends DescMessage> {
  readonly #kv: () => Promise<KV>;
  readonly #schema: D;
  readonly #retrying: Retrying;

  constructor(kv: () => Promise<KV>, schema: D, retrying: Retrying) {
    this.#kv = kv;
    this.#schema = schema;
    this.#retrying = retrying;
  }

  /** The record, or null. Throws EventsError `unavailable`. */
  async get(key: string): Promise<Versioned<MessageShape<D>> | null> {
    const entry = await this.#retrying(`get record`, PATIENCE_MS, async () => (await this.#kv()).get(key));
    if (entry?.operation !== 'PUT') return null;
    return { value: fromBinary(this.#schema, entry.value), revision: entry.revision };
  }

  /** Write a record that must be new. Throws EventsError `conflict` when it exists. */
  async create(key: string, value: MessageShape<D>): Promise<Versioned<MessageShape<D>>> {
    await failpoint('record.create.before');
    const created = await this.#write(key, value, 'create record', async () =>
      (await this.#kv()).create(key, toBinary(this.#schema, value)),
    );
    await failpoint('record.create.after');
    return created;
  }

  /** Write over exactly `revision`. Throws EventsError `conflict` when someone wrote since. */
  async update(key: string, value: MessageShape<D>, revision: number): Promise<Versioned<MessageShape<D>>> {
    await failpoint('record.update.before');
    const updated = await this.#write(key, value, 'update record', async () =>
      (await this.#kv()).update(key, toBinary(this.#schema, value), revision),
    );
    await failpoint('record.update.after');
    return updated;
  }

  /** Forget a record; no error when there is none. */
  async delete(key: string): Promise<void> {
    await this.#retrying('delete record', PATIENCE_MS, async () => (await this.#kv()).purge(key));
  }

  /**
   * A write whose answer was lost may have happened: its retry then meets its own record, told from someone else's by
   * being equal. Without a lost answer an equal record is another writer's, who had the same thought at the same time.
   */
  async #write(key: string, value: MessageShape<D>, doing: string, put: () => Promise<number>) {
    let repeated = false;
    const attempt = async (again: boolean): Promise<number> => {
      repeated = again;
      return await put();
    };
    try {
      return { value, revision: await this.#retrying(doing, PATIENCE_MS, attempt) };
    } catch (error) {
      if (repeated && error instanceof EventsError && error.code === 'conflict') {
        const current = await this.get(key);
        if (current && equals(this.#schema, current.value, value)) return current;
      }
      throw error;
    }
  }
}
