/** Whether the server is there, followed in one place for everything that a process does on its connection. */
import type { NatsConnection } from '@nats-io/transport-node';

export class Link {
  readonly #connection: NatsConnection;
  readonly #onLoss = new Set<() => void>();
  readonly #onReturn = new Set<() => void>();
  #lost = false;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
    void this.#follow();
  }

  /** Whether a server is connected, as far as is known right now. */
  get up(): boolean {
    return !this.#lost && !this.closed;
  }

  /** Whether the connection has ended for good. */
  get closed(): boolean {
    return this.#connection.isClosed();
  }

  /** Call `lost` whenever the server goes away. Ends when the returned function is called. */
  onLoss(lost: () => void): () => void {
    return listen(this.#onLoss, lost);
  }

  /** Call `back` whenever the server is there again. Ends when the returned function is called. */
  onReturn(back: () => void): () => void {
    return listen(this.#onReturn, back);
  }

  /** Resolves when a server is connected, none will be any more, or `signal` aborts. */
  async returned(signal?: AbortSignal): Promise<void> {
    if (!this.#lost || this.closed || signal?.aborted) return;
    let forget = () => {};
    await new Promise<void>((resolve) => {
      forget = this.onReturn(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
      void this.#connection.closed().then(() => resolve());
    });
    forget();
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type !== 'disconnect' && type !== 'reconnect') continue;
      this.#lost = type === 'disconnect';
      for (const call of [...(this.#lost ? this.#onLoss : this.#onReturn)]) call();
    }
  }
}

function listen(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
