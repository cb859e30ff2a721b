/** Writing a record behind the work that changes it, so that no stage waits for the disk of the NATS server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { clone, type Generation, type GenerationRecord, GenerationRecordSchema } from '@atelier/contracts';
import { type GenerationStore, generationOf, type Stored } from './store.ts';

/** Least time between two writes, milliseconds: who wants to know sooner watches the events. Each is one on the server's disk. */
const WRITE_EVERY_MS = 500;

export class RecordWriter {
  readonly record: GenerationRecord;
  readonly #store: GenerationStore;
  readonly #onLost: () => void;
  #revision: number;
  #changed = false;
  #lost = false;
  #writing: Promise<void> | undefined;
  /** Ends the pause between two writes. */
  #hurry = new AbortController();

  /** `onLost` is called once when someone else has written the record: nothing is written after that. */
  constructor(store: GenerationStore, stored: Stored, onLost: () => void) {
    this.#store = store;
    this.record = clone(GenerationRecordSchema, stored.value);
    this.#revision = stored.revision;
    this.#onLost = onLost;
  }

  get generation(): Generation {
    return generationOf(this.record);
  }

  /** Change the record now; it is written soon. */
  change(change: (generation: Generation) => void): void {
    change(this.generation);
    this.#changed = true;
    this.#writing ??= this.#writeWhileChanged();
  }

  /** Change the record and write it, after what is being written. Resolves to false when the record is lost. */
  async changeNow(change: (generation: Generation) => void): Promise<boolean> {
    await this.stop();
    if (this.#lost) return false;
    change(this.generation);
    return await this.#write();
  }

  /** Wait for the write under way, not for the pause behind it; later changes only are written. */
  async stop(): Promise<void> {
    this.#changed = false;
    this.#hurry.abort();
    await this.#writing;
  }

  async #writeWhileChanged(): Promise<void> {
    this.#hurry = new AbortController();
    const { signal } = this.#hurry;
    try {
      while (this.#changed && !this.#lost) {
        this.#changed = false;
        await this.#write();
        await sleep(WRITE_EVERY_MS, undefined, { signal }).catch(() => {});
      }
    } catch {
      // The server is away for longer than patience. The final write will find out whether the record is still ours.
    } finally {
      this.#writing = undefined;
    }
  }

  async #write(): Promise<boolean> {
    const written = await this.#store.write(clone(GenerationRecordSchema, this.record), this.#revision);
    if (written) {
      this.#revision = written.revision;
      return true;
    }
    this.#lost = true;
    this.#onLost();
    return false;
  }
}
