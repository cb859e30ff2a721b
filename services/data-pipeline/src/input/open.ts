/** A chunk's items with their bytes, read one at a time. */
import type { Store } from '../store/store.ts';
import type { Chunk, ItemRef, OpenItem } from './item.ts';
import { readSidecar } from './sidecar.ts';
import { readTar } from './tar.ts';

export async function* openChunk(store: Store, chunk: Chunk, maxBytes: number): AsyncGenerator<OpenItem> {
  if (chunk.kind === 'tar') yield* readTar(store, chunk.tar, maxBytes);
  else for (const ref of chunk.refs) yield await openItem(store, ref, maxBytes);
}

async function openItem(store: Store, ref: ItemRef, maxBytes: number): Promise<OpenItem> {
  let item: ItemRef = ref;
  for (const name of ref.sidecars ?? []) {
    const facts = readSidecar(name, (await store.read(name)).toString());
    item = { ...item, ...facts, captions: [...item.captions, ...facts.captions] };
  }
  if (item.image.kind !== 'file') return { ...item, bytes: null, size: null };
  // A manifest may name files outside its folder: those are not for it to hand out.
  const inside = !item.image.name.split('/').includes('..');
  const size = inside ? await store.size(item.image.name) : null;
  const readable = size !== null && size <= maxBytes;
  return { ...item, size, bytes: readable ? await store.read(item.image.name) : null };
}
