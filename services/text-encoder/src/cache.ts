import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Embedding } from './embedding.ts';

/**
 * Embeddings by model version and text, least recently used ones dropped. Keys are digests: the cache holds no prompts.
 * Callers that ask for the same text at the same time share one computation.
 */
export class EmbeddingCache {
  readonly #version: string;
  readonly #ready: LRUCache<string, Embedding>;
  readonly #pending = new Map<string, Promise<Embedding>>();

  /** @param version whatever changes when the model does. @param maxBytes memory for tensors, > 0. */
  constructor(version: string, maxBytes: number) {
    this.#version = version;
    this.#ready = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ states, mask, pooled }) =>
        states.data.byteLength + mask.data.byteLength + pooled.data.byteLength,
    });
  }

  /** The text's embedding, computed when it isn't there. Failures aren't kept. */
  async get(
    text: string,
    compute: () => Promise<Embedding>,
  ): Promise<{ embedding: Embedding; hit: boolean }> {
    const key = createHash('sha256').update(`${this.#version}\0`).update(text).digest('base64');
    const known = this.#ready.get(key);
    if (known) return { embedding: known, hit: true };
    const running = this.#pending.get(key);
    if (running) return { embedding: await running, hit: true };
    const started = compute();
    this.#pending.set(key, started);
    try {
      const embedding = await started;
      this.#ready.set(key, embedding);
      return { embedding, hit: false };
    } finally {
      this.#pending.delete(key);
    }
  }
}
