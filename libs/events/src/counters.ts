/** Numbers that several processes count in, by compare-and-set. */
import { failpoint } from '@atelier/failpoints';
import type { KV } from '@nats-io/kv';
import { EventsError } from './errors.ts';
import type { Retrying } from './retry.ts';

const PATIENCE_MS = 5_000;

export class Counters {
  readonly #kv: () => Promise<KV>;
  readonly #retrying: Retrying;

  constructor(kv: () => Promise<KV>, retrying: Retrying) {
    this.#kv = kv;
    this.#retrying = retrying;
  }

  /**
   * Set `key` (tokens of [-/=_A-Za-z0-9], joined by dots) to what `change` makes of its value, 0 at first; again when somebody else
   * was faster. What `change` throws is thrown and nothing written. A write whose answer was lost may count twice.
   */
  async change(key: string, change: (value: number) => number): Promise<number> {
    for (;;) {
      const entry = await this.#retrying('read counter', PATIENCE_MS, async () =>
        (await this.#kv()).get(key),
      );
      const value = change(entry?.operation === 'PUT' ? Number(entry.string()) : 0);
      await failpoint('counter.write.before');
      try {
        await this.#retrying('write counter', PATIENCE_MS, async () =>
          (await this.#kv()).put(key, String(value), { previousSeq: entry?.revision ?? 0 }),
        );
        await failpoint('counter.write.after');
        return value;
      } catch (error) {
        if (!(error instanceof EventsError) || error.code !== 'conflict') throw error;
      }
    }
  }
}
