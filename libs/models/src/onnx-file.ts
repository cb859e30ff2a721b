import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { BundleError } from './errors.ts';

/** Fields of `onnx.proto` that lead to external weights. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_NAME = 8;
const TENSOR_EXTERNAL_DATA = 13;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;

/** A field of a protobuf message, by where its content lies in the file. */
interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Checks that an ONNX file is whole and that the files its weights lie in are there and long enough, without reading
 * weights: length by length through the protobuf. For models that come without digests.
 * @returns paths of the external data files, each once.
 * @throws BundleError FILE_MISSING or FILE_DAMAGED naming the file, and the tensor when it is about one.
 */
export async function checkOnnxFile(path: string): Promise<string[]> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new BundleError('FILE_MISSING', `The bundle's file ${path} is missing or cannot be read`, cause);
  });
  try {
    const reader = new FieldReader(handle, path, (await handle.stat()).size);
    const needed = new Map<string, { bytes: number; tensor: string }>();
    let graphs = 0;
    for await (const graph of reader.fields(0, reader.size)) {
      if (graph.number !== MODEL_GRAPH) continue;
      graphs++;
      for await (const field of reader.fields(graph.start, graph.end)) {
        if (field.number !== GRAPH_INITIALIZER) continue;
        const external = await reader.externalData(field);
        if (!external) continue;
        const bytes = Math.max(external.bytes, needed.get(external.location)?.bytes ?? 0);
        needed.set(external.location, { bytes, tensor: external.tensor });
      }
    }
    if (graphs !== 1) throw damaged(path, 'is not an ONNX model');
    return await Promise.all([...needed].map(([location, need]) => checkExternal(path, location, need)));
  } finally {
    await handle.close();
  }
}

async function checkExternal(
  model: string,
  location: string,
  { bytes, tensor }: { bytes: number; tensor: string },
): Promise<string> {
  if (normalize(location).startsWith('..') || location.startsWith('/')) {
    throw damaged(model, `keeps tensor "${tensor}" outside its folder`);
  }
  const path = join(dirname(model), location);
  const size = await stat(path).then(
    (found) => found.size,
    (cause: unknown) => {
      throw new BundleError('FILE_MISSING', `${path}, which holds tensor "${tensor}", is missing`, cause);
    },
  );
  if (size < bytes) {
    throw damaged(path, `has ${size} bytes, tensor "${tensor}" of ${model} ends at ${bytes}`);
  }
  return path;
}

const damaged = (path: string, what: string): BundleError =>
  new BundleError('FILE_DAMAGED', `${path} ${what}`);

/** Reads tags and lengths of a protobuf file through a small window. */
class FieldReader {
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #window = Buffer.alloc(1 << 16);
  #windowStart = 0;
  #windowEnd = 0;

  constructor(handle: FileHandle, path: string, size: number) {
    this.#handle = handle;
    this.#path = path;
    this.size = size;
  }

  /** The fields of the message between two offsets. */
  async *fields(start: number, end: number): AsyncGenerator<Field> {
    let at = start;
    while (at < end) {
      const tag = await this.#varint(at);
      const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
      let content = { start: tag.end, end: tag.end };
      if (wire === 0) content.end = (await this.#varint(tag.end)).end;
      else if (wire === 1) content.end += 8;
      else if (wire === 5) content.end += 4;
      else if (wire === 2) {
        const length = await this.#varint(tag.end);
        content = { start: length.end, end: length.end + length.value };
      } else throw damaged(this.#path, 'is not an ONNX model');
      if (content.end > end) throw damaged(this.#path, `is cut off at ${this.size} bytes`);
      yield { number, ...content };
      at = content.end;
    }
  }

  /** Where a tensor's data ends in which other file; undefined when it is in this one. */
  async externalData(
    tensor: Field,
  ): Promise<{ location: string; bytes: number; tensor: string } | undefined> {
    let name = '';
    const entries = new Map<string, string>();
    for await (const field of this.fields(tensor.start, tensor.end)) {
      if (field.number === TENSOR_NAME) name = await this.#text(field);
      if (field.number !== TENSOR_EXTERNAL_DATA) continue;
      let key = '';
      for await (const part of this.fields(field.start, field.end)) {
        if (part.number === ENTRY_KEY) key = await this.#text(part);
        if (part.number === ENTRY_VALUE) entries.set(key, await this.#text(part));
      }
    }
    const location = entries.get('location');
    if (location === undefined) return undefined;
    const bytes = Number(entries.get('offset') ?? 0) + Number(entries.get('length') ?? 0);
    return { location, bytes, tensor: name };
  }

  async #varint(at: number): Promise<{ value: number; end: number }> {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = await this.#byte(at + i);
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return { value, end: at + i + 1 };
    }
    throw damaged(this.#path, 'is not an ONNX model');
  }

  async #byte(at: number): Promise<number> {
    if (at >= this.size) throw damaged(this.#path, `is cut off at ${this.size} bytes`);
    if (at < this.#windowStart || at >= this.#windowEnd) {
      const { bytesRead } = await this.#handle.read(this.#window, 0, this.#window.length, at);
      this.#windowStart = at;
      this.#windowEnd = at + bytesRead;
    }
    return this.#window[at - this.#windowStart] as number;
  }

  async #text({ start, end }: Field): Promise<string> {
    const bytes = Buffer.alloc(end - start);
    await this.#handle.read(bytes, 0, bytes.length, start);
    return bytes.toString('utf8');
  }
}
