/** Finished pictures as files. The orchestrator gives all of a generation at once, so those asked for next are kept for a while. */
import { type Atelier, isFinal } from '@atelier/client';
import { notFound } from '@atelier/rpc';
import { currentCredential } from '../credential.ts';

/** Most bytes of PNGs that are kept. */
const KEPT_BYTES = 67_108_864;
const WEBP_QUALITY = 90;

export class Pictures {
  readonly #atelier: Atelier;
  /** In order of their last use, by generation and by who may see it: what is kept was shown to them before. */
  readonly #kept = new Map<string, Uint8Array[]>();
  #bytes = 0;

  constructor(atelier: Atelier) {
    this.#atelier = atelier;
  }

  /** The PNG. Throws RpcError NOT_FOUND. */
  async png(id: string, index: number, signal: AbortSignal): Promise<Uint8Array> {
    const picture = (this.#kept.get(keyOf(id)) ?? (await this.#fetch(id, signal)))[index];
    if (!picture?.byteLength) throw notFound('no such picture', 'PICTURE_NOT_FOUND');
    return picture;
  }

  /** The picture as WebP, at most `width` pixels wide. */
  async webp(id: string, index: number, width: number | undefined, signal: AbortSignal): Promise<Uint8Array> {
    const { default: sharp } = await import('sharp');
    const picture = sharp(await this.png(id, index, signal));
    if (width !== undefined) picture.resize({ width, withoutEnlargement: true });
    return await picture.webp({ quality: WEBP_QUALITY }).toBuffer();
  }

  async #fetch(id: string, signal: AbortSignal): Promise<Uint8Array[]> {
    const { state, result } = await this.#atelier.getGeneration(id, { signal });
    if (result.case !== 'images' || !isFinal(state)) return [];
    const files = result.value.images.map(({ content }) =>
      content.case === 'inline' ? content.value.data : new Uint8Array(),
    );
    this.#keep(keyOf(id), files);
    return files;
  }

  #keep(key: string, files: Uint8Array[]): void {
    const size = (of: readonly Uint8Array[]): number =>
      of.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.#bytes += size(files) - size(this.#kept.get(key) ?? []);
    this.#kept.delete(key);
    this.#kept.set(key, files);
    for (const [oldest, theirs] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.#kept.delete(oldest);
      this.#bytes -= size(theirs);
    }
  }
}

const keyOf = (id: string): string => `${id} ${currentCredential() ?? ''}`;
