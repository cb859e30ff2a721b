/** Any input → chunks of items in a fixed order, so that every run over the same input numbers them alike. */
import { basename, dirname } from 'node:path';
import { openStore, type Store } from '../store/store.ts';
import { isEvents, readPlatform } from './events.ts';
import type { Chunk, ItemRef } from './item.ts';
import { isManifest, readManifest } from './manifest.ts';
import { SIDECAR_EXTENSIONS } from './sidecar.ts';
import { countTar } from './tar.ts';

const isTar = (name: string): boolean => /\.tar$/i.test(name);

/** The store an input is read from, and the name of the one file it is, if it is one. */
export function openInput(input: string): { store: Store; file: string | null } {
  if (!isTar(input) && !isManifest(input)) return { store: openStore(input), file: null };
  if (input.startsWith('s3://')) {
    const slash = input.lastIndexOf('/');
    return { store: openStore(input.slice(0, slash)), file: input.slice(slash + 1) };
  }
  return { store: openStore(dirname(input)), file: basename(input) };
}

/** Throws an Error when the input has no item. */
export async function planChunks(input: string, chunkSize: number): Promise<Chunk[]> {
  if (isEvents(input)) return sliced(await readPlatform(input), chunkSize, 0, input);
  const { store, file } = openInput(input);
  const names = file === null ? await store.list() : [file];
  if (file !== null && (await store.size(file)) === null) throw new Error(`${input} is not there`);
  const chunks: Chunk[] = [];
  let first = 0;
  for (const tar of names.filter(isTar)) {
    const count = await countTar(store, tar);
    if (count > 0) chunks.push({ first, kind: 'tar', tar, count });
    first += count;
  }
  const refs =
    file !== null && isManifest(file)
      ? await readManifest(store, file)
      : filesOf(names.filter((name) => !isTar(name)));
  if (refs.length > 0) chunks.push(...sliced(refs, chunkSize, first, input));
  if (chunks.length === 0) throw new Error(`${input} is empty or not there`);
  return chunks;
}

/** Listed items in chunks, numbered from `first`. */
function sliced(refs: readonly ItemRef[], chunkSize: number, first: number, input: string): Chunk[] {
  if (refs.length === 0) throw new Error(`${input} has no pictures`);
  return Array.from({ length: Math.ceil(refs.length / chunkSize) }, (_, i) => ({
    first: first + i * chunkSize,
    kind: 'refs',
    refs: refs.slice(i * chunkSize, (i + 1) * chunkSize),
  }));
}

/** Every file is an item, but those that say something about the file of the same name. */
function filesOf(names: readonly string[]): ItemRef[] {
  const stem = (name: string): string => {
    const dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') ? name.slice(0, dot) : name;
  };
  const isSidecar = (name: string): boolean =>
    SIDECAR_EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension));
  const pictures = names.filter((name) => !isSidecar(name));
  const stems = new Set(pictures.map(stem));
  const sidecars = Map.groupBy(
    names.filter((name) => isSidecar(name) && stems.has(stem(name))),
    stem,
  );
  return names
    .filter((name) => !(isSidecar(name) && stems.has(stem(name))))
    .map((name) => ({
      source: name,
      image: { kind: 'file', name },
      captions: [],
      ...(sidecars.has(stem(name)) && { sidecars: sidecars.get(stem(name)) as string[] }),
    }));
}
