/**
 * The folder of pictures that may be learnt from, as the data pipeline reads it: `pictures/<generation>-<index>.png` with a
 * sidecar of the same name that holds the caption. What may no longer be learnt from is deleted and named by its SHA-256 in
 * `opt-out.txt`, for runs that have taken it in before.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Events } from '@atelier/events';
import type { Store } from '../store/store.ts';
import { type PermittedPicture, permittedPictures } from './permitted.ts';

export interface Changes {
  added: number;
  removed: number;
  /** In the folder now. */
  pictures: number;
}

/** Where prompts and pictures are: insights itself keeps neither. */
export type Originals = Pick<Events, 'generations' | 'images'>;

const nameOf = ({ generationId, imageIndex }: PermittedPicture): string => `${generationId}-${imageIndex}`;

export class UserDataFolder {
  readonly #store: Store;
  readonly #originals: Originals;
  readonly #pictures: string;
  readonly #optOut: string;

  constructor(store: Store, originals: Originals, folder: string) {
    this.#store = store;
    this.#originals = originals;
    this.#pictures = join(folder, 'pictures');
    this.#optOut = join(folder, 'opt-out.txt');
  }

  /** Make the folder hold exactly what is permitted now, as far as originals are still there. */
  async refresh(): Promise<Changes> {
    await mkdir(this.#pictures, { recursive: true });
    const permitted = await this.#store.read(permittedPictures);
    const names = new Set(permitted.map(nameOf));
    const present = new Set(
      (await readdir(this.#pictures))
        .filter((file) => file.endsWith('.png'))
        .map((file) => file.slice(0, -4)),
    );
    const withdrawn = [...present].filter((name) => !names.has(name));
    for (const name of withdrawn) await this.#remove(name);
    let added = 0;
    for (const picture of permitted)
      if (!present.has(nameOf(picture)) && (await this.#add(picture))) added += 1;
    return { added, removed: withdrawn.length, pictures: present.size - withdrawn.length + added };
  }

  /** Named in the list first: a picture that is deleted but not listed would stay in what was made of it. */
  async #remove(name: string): Promise<void> {
    const file = join(this.#pictures, `${name}.png`);
    const list = await this.#listed();
    list.add(sha256(await readFile(file)));
    await this.#list(list);
    await rm(file);
    await rm(join(this.#pictures, `${name}.json`), { force: true });
  }

  /** False when prompt or picture are gone: they are kept for a week. */
  async #add(picture: PermittedPicture): Promise<boolean> {
    const record = await this.#originals.generations.get(picture.generationId);
    const generation = record?.value.generation;
    if (generation?.result.case !== 'images') return false;
    const image = generation.result.value.images[picture.imageIndex];
    if (image?.content.case !== 'uri') return false;
    const png = await this.#originals.images.get(image.content.value);
    if (!png) return false;
    const list = await this.#listed();
    if (list.delete(sha256(png))) await this.#list(list);
    const place = join(this.#pictures, nameOf(picture));
    const caption = generation.enhancedPrompt?.prompt || generation.prompt;
    await writeWhole(`${place}.json`, `${JSON.stringify({ caption })}\n`);
    await writeWhole(`${place}.png`, png);
    return true;
  }

  async #listed(): Promise<Set<string>> {
    try {
      return new Set((await readFile(this.#optOut, 'utf8')).split('\n').filter((line) => line !== ''));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
      throw error;
    }
  }

  async #list(digests: ReadonlySet<string>): Promise<void> {
    await writeWhole(this.#optOut, [...digests].map((digest) => `${digest}\n`).join(''));
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** In one step for readers, also when the process dies. The unfinished name is hidden and no picture. */
async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, content);
  await rename(unfinished, file);
}
