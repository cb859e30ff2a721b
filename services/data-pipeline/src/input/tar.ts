/** WebDataset tars: members that share a name up to the first dot are one item. */
import { extract } from 'tar-stream';
import type { Store } from '../store/store.ts';
import type { OpenItem } from './item.ts';
import { readSidecar } from './sidecar.ts';

const SIDECAR = /^(?:json|txt|caption)$/i;

/** Largest text member that is read, bytes. */
const MAX_TEXT_BYTES = 1_048_576;

/** The items of a tar in its order. A picture above `maxBytes` is passed over and comes without bytes. */
export async function* readTar(store: Store, tar: string, maxBytes: number): AsyncGenerator<OpenItem> {
  const entries = extract();
  entries.end(await store.read(tar));
  let current: OpenItem | undefined;
  for await (const entry of entries) {
    const { name, size = 0, type } = entry.header;
    if (type !== 'file') {
      entry.resume();
      continue;
    }
    const dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    const [key, extension] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
    const source = `${tar}#${key}`;
    if (current && current.source !== source) {
      yield current;
      current = undefined;
    }
    current ??= { source, image: { kind: 'none' }, captions: [], bytes: null, size: null };
    const text = SIDECAR.test(extension);
    if (size > (text ? MAX_TEXT_BYTES : maxBytes)) {
      if (!text) Object.assign(current, { image: { kind: 'inline' }, size });
      entry.resume();
      continue;
    }
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    if (text) {
      const facts = readSidecar(`x.${extension.toLowerCase()}`, body.toString());
      current = { ...current, ...facts, captions: [...current.captions, ...facts.captions] };
    } else if (current.bytes === null || !extension.includes('.')) {
      // Of several sizes the plain one ("<key>.png") is the picture.
      current = { ...current, image: { kind: 'inline' }, bytes: body, size };
    }
  }
  if (current) yield current;
}

/** How many items a tar has. */
export async function countTar(store: Store, tar: string): Promise<number> {
  let count = 0;
  for await (const _ of readTar(store, tar, 0)) count += 1;
  return count;
}
