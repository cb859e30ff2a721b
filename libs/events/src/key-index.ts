/** A set of keys on NATS, read in order: what a list of records is paged by. */
import { failpoint } from '@atelier/failpoints';
import type { KV } from '@nats-io/kv';
import { EventsError } from './errors.ts';
import type { Retrying } from './retry.ts';

const PATIENCE_MS = 5_000;

export class KeyIndex {
  readonly #kv: () => Promise<KV>;
  readonly #retrying: Retrying;

  constructor(kv: () => Promise<KV>, retrying: Retrying) {
    this.#kv = kv;
    this.#retrying = retrying;
  }

  /** Add a key (tokens of [-/=._A-Za-z0-9], joined by dots). Idempotent. */
  async add(key: string): Promise<void> {
    await failpoint('index.add.before');
    await this.#retrying('add to index', PATIENCE_MS, async () => (await this.#kv()).put(key, ''));
    await failpoint('index.add.after');
  }

  /** All keys that match a filter of whole tokens ("acme.>"), in code-unit order; all there are by default. */
  async keys(filter = '>'): Promise<string[]> {
    try {
      const keys: string[] = [];
      const found = await this.#retrying('read index', PATIENCE_MS, async () =>
        (await this.#kv()).keys(filter),
      );
      for await (const key of found) keys.push(key);
      return keys.sort();
    } catch (error) {
      throw EventsError.from(error, 'read index');
    }
  }

  /**
   * At most `limit` keys beginning with `prefix` (whole tokens) and sorting behind `after`. Reads all keys of the prefix:
   * fine for the thousands that a tenant makes in the days that records are kept.
   */
  async page(prefix: string, after: string, limit: number): Promise<string[]> {
    const keys = await this.keys(`${prefix}.>`);
    return keys.filter((key) => key > after).slice(0, limit);
  }
}
