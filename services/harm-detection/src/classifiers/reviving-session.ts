/** A model's session that is loaded anew for the next picture when it failed, died or fell silent. */
import { createSession, type InferenceSession, type Tensors } from '@atelier/inference';

/** Gives the model, a file's path or its bytes, whenever it is to be loaded. */
export type Model = () => Promise<Parameters<typeof createSession>[0]>;

export class RevivingSession {
  readonly #model: Model;
  readonly #name: string;
  readonly #timeoutMs: number;
  #session: Promise<InferenceSession> | undefined;
  #closed = false;

  /** @param timeoutMs a model that does not answer for so long is loaded anew, milliseconds. */
  constructor(model: Model, { name, timeoutMs }: { name: string; timeoutMs: number }) {
    this.#model = model;
    this.#name = name;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws InferenceError when the model can't be loaded. */
  async ready(): Promise<void> {
    await this.#open();
  }

  /** @throws InferenceError, or the reason of `signal`. */
  async run(feeds: Tensors, signal: AbortSignal): Promise<Tensors> {
    const opening = this.#open();
    const session = await opening;
    signal.throwIfAborted();
    const late = AbortSignal.timeout(this.#timeoutMs);
    try {
      return await session.run(feeds, { signal: AbortSignal.any([signal, late]) });
    } catch (error) {
      // A caller who left says nothing about the model; anything else does.
      if (!signal.aborted) this.#drop(opening);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#session?.then((session) => session.close()).catch(() => undefined);
  }

  #open(): Promise<InferenceSession> {
    if (this.#closed) return Promise.reject(new Error('the classifier is closed'));
    if (this.#session === undefined) {
      const opening = this.#model().then((model) => createSession(model, { name: this.#name }));
      opening.catch(() => this.#drop(opening));
      this.#session = opening;
    }
    return this.#session;
  }

  #drop(opening: Promise<InferenceSession>): void {
    if (this.#session === opening) this.#session = undefined;
    opening.then((session) => session.close()).catch(() => undefined);
  }
}
