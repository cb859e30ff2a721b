/** Pictures in the object store: finished ones by generation and index, so that a second attempt overwrites the first. */
import { failpoint } from '@atelier/failpoints';
import type { ObjectStore } from '@nats-io/obj';
import type { Retrying } from './retry.ts';
import { IMAGE_BUCKET } from './topology.ts';

const PATIENCE_MS = 15_000;

export class Images {
  readonly #store: () => Promise<ObjectStore>;
  readonly #retrying: Retrying;

  constructor(store: () => Promise<ObjectStore>, retrying: Retrying) {
    this.#store = store;
    this.#retrying = retrying;
  }

  /** Store a PNG; idempotent. Resolves to its reference, "nats-obj://atelier_images/<id>/<index>.png". */
  async put(generationId: string, index: number, png: Uint8Array): Promise<string> {
    return await this.#put(`${generationId}/${index}.png`, png);
  }

  /** Store a PNG that came with a request, under its digest: another request of the same id can't replace it. Idempotent. */
  async putInput(generationId: string, sha256: string, png: Uint8Array): Promise<string> {
    return await this.#put(`${generationId}/in/${sha256}.png`, png);
  }

  async #put(name: string, png: Uint8Array): Promise<string> {
    await failpoint('picture.put.before');
    await this.#retrying(`store image ${name}`, PATIENCE_MS, async () =>
      (await this.#store()).putBlob({ name }, png),
    );
    await failpoint('picture.put.after');
    return `nats-obj://${IMAGE_BUCKET}/${name}`;
  }

  /** The bytes behind a reference, or null when they are gone. Throws TypeError for a reference to elsewhere. */
  async get(uri: string): Promise<Uint8Array | null> {
    const prefix = `nats-obj://${IMAGE_BUCKET}/`;
    if (!uri.startsWith(prefix)) throw new TypeError(`not an image of this store: ${uri}`);
    const name = uri.slice(prefix.length);
    return await this.#retrying('read image', PATIENCE_MS, async () => (await this.#store()).getBlob(name));
  }
}
