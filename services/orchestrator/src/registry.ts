/** The attempts that run in this process, so that a request to stop one finds it. */
import { Interruption } from './interruption.ts';

export class Registry {
  readonly #running = new Map<string, AbortController>();

  /** Ids of the generations that run here. */
  get size(): number {
    return this.#running.size;
  }

  /** Run `work` with a signal that aborts when `cancel` names its generation. */
  async run<T>(id: string, work: (cancelled: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      return await work(controller.signal);
    } finally {
      // A later attempt in the same process may have taken the place.
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  /** Stop the generation if it runs here. */
  cancel(id: string): void {
    this.#running.get(id)?.abort(new Interruption('cancelled'));
  }
}
