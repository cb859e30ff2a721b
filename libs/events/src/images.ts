/** Finished pictures in the object store, keyed by generation and index so that a second attempt overwrites the first. */
import type { ObjectStore } from '@nats-io/obj';
import { retrying } from './retry.ts';
import { IMAGE_BUCKET } from './topology.ts';

const PATIENCE_MS = 15_000;

export class Images {
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** Store a PNG; idempotent. Resolves to its reference, "nats-obj://atelier_images/<id>/<index>.png". */
  async put(generationId: string, index: number, png: Uint8Array): Promise<string> {
    const name = `${generationId}/${index}.png`;
    await retrying(`store image ${index}`, PATIENCE_MS, () => this.#store.putBlob({ name }, png));
    return `nats-obj://${IMAGE_BUCKET}/${name}`;
  }

  /** The bytes behind a reference, or null when they are gone. Throws TypeError for a reference to elsewhere. */
  async get(uri: string): Promise<Uint8Array | null> {
    const prefix = `nats-obj://${IMAGE_BUCKET}/`;
    if (!uri.startsWith(prefix)) throw new TypeError(`not an image of this store: ${uri}`);
    const name = uri.slice(prefix.length);
    return await retrying('read image', PATIENCE_MS, () => this.#store.getBlob(name));
  }
}
