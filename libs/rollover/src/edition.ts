/** One version of a model in memory, and the calls that it serves. */
import type { Binding } from '@atelier/rpc';

/** What a service makes of one bundle. */
export interface LoadedModel {
  readonly bindings: readonly Binding[];
  /** A first inference; runs before the model serves. */
  readonly warm?: (() => Promise<void>) | undefined;
  /** Releases it; runs when its last call has ended. */
  readonly close?: (() => Promise<void>) | undefined;
}

export class Edition {
  /** Version in the registry; undefined for a bundle that is in none. */
  readonly version: string | undefined;
  readonly model: LoadedModel;
  #calls = 0;
  readonly #idle = Promise.withResolvers<void>();
  #retired = false;

  constructor(version: string | undefined, model: LoadedModel) {
    this.version = version;
    this.model = model;
  }

  /** A call begins; what is returned ends it. */
  enter(): () => void {
    this.#calls += 1;
    return () => {
      this.#calls -= 1;
      this.#settle();
    };
  }

  /** Takes no more calls; resolves when the last one has ended and everything is released. */
  async retire(): Promise<void> {
    this.#retired = true;
    this.#settle();
    await this.#idle.promise;
    await this.model.close?.();
  }

  #settle(): void {
    if (this.#retired && this.#calls === 0) this.#idle.resolve();
  }
}
