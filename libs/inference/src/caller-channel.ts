import { type Channel, type ChannelEvents, messageOf } from './channel.ts';
import type { Tensors, WorkerSetup } from './protocol.ts';

/**
 * A model on the caller's own thread, which it blocks while it computes: for models of a millisecond, where handing a run to
 * another thread and being woken for its result cost more than the run.
 */
export class CallerChannel implements Channel {
  readonly #events: ChannelEvents;
  /** The model once it is open, and what is done with it, one after the other. */
  #turn: Promise<Opened | undefined>;

  constructor(setup: WorkerSetup, events: ChannelEvents) {
    this.#events = events;
    this.#turn = this.#open(setup);
  }

  run(id: number, feeds: Tensors): void {
    this.#turn = this.#turn.then(async (model) => {
      if (!model) return model;
      try {
        this.#events.reply({ kind: 'result', id, ...(await model.compute(feeds)) });
      } catch (error) {
        this.#events.reply({ kind: 'failed', id, message: messageOf(error) });
      }
      return model;
    });
  }

  close(): void {
    this.#turn = this.#turn.then(async (model) => {
      await model?.release();
      this.#events.gone(undefined);
      return undefined;
    });
  }

  async #open(setup: WorkerSetup): Promise<Opened | undefined> {
    // Not before: a process whose models all have workers need not load the runtime on its main thread.
    const [{ openOrtSession }, { compute }] = await Promise.all([import('./ort.ts'), import('./compute.ts')]);
    const opened = await openOrtSession(setup);
    if ('reason' in opened) {
      this.#events.reply({ kind: 'refused', ...opened });
      this.#events.gone(undefined);
      return undefined;
    }
    const { session, inputs, outputs } = opened;
    this.#events.reply({ kind: 'ready', inputs, outputs });
    return { compute: (feeds) => compute(session, feeds), release: () => session.release() };
  }
}

interface Opened {
  compute(feeds: Tensors): Promise<{ outputs: Tensors; computeMs: number }>;
  release(): Promise<void>;
}
