/** A bundle whose denoiser has noise on its weights: a candidate that is worse on purpose. */
import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, openBundle } from '@atelier/models';
import { createRandom } from '@atelier/scenes';

/** Field numbers of onnx.proto on the way to a weight. */
const [MODEL_GRAPH, GRAPH_INITIALIZER, TENSOR_TYPE, TENSOR_RAW] = [7, 5, 2, 9];
/** How weights of a type are read and written; whole numbers are rounded by chance, so that little noise changes few of them. */
const TYPES: Readonly<Record<number, Weights>> = {
  1: {
    bytes: 4,
    read: (model, at) => model.readFloatLE(at),
    write: (model, at, value) => void model.writeFloatLE(value, at),
  },
  3: {
    bytes: 1,
    read: (model, at) => model.readInt8(at),
    write: (model, at, value, chance) =>
      void model.writeInt8(Math.max(-127, Math.min(127, Math.floor(value + chance))), at),
  },
};

interface Weights {
  readonly bytes: number;
  readonly read: (model: Buffer, at: number) => number;
  readonly write: (model: Buffer, at: number, value: number, chance: number) => void;
}

interface Field {
  readonly number: number;
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Copies the bundle at `from` to `to` under another version. @param share of each tensor's standard deviation that the noise has;
 * 0.001 is seen by no judge, 0.5 by everyone.
 */
export async function noisedBundle(from: string, to: string, version: string, share: number): Promise<void> {
  await cp(from, to, { recursive: true });
  const path = (await openBundle(to, { roles: [] })).file('denoiser');
  const bytes = await readFile(path);
  addNoise(bytes, share);
  await writeFile(path, bytes);
  const manifestPath = join(to, MANIFEST_FILE);
  const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as {
    version: string;
    roles: { denoiser: { files: { model: { sha256: string } } } };
  };
  manifest.version = version;
  manifest.roles.denoiser.files.model.sha256 = createHash('sha256').update(bytes).digest('hex');
  await writeFile(manifestPath, JSON.stringify(manifest));
}

function addNoise(model: Buffer, share: number): void {
  const random = createRandom(`noise/${share}`);
  for (const graph of fields(model, 0, model.length)) {
    if (graph.number !== MODEL_GRAPH) continue;
    for (const tensor of fields(model, graph.start, graph.end)) {
      if (tensor.number !== GRAPH_INITIALIZER) continue;
      const parts = [...fields(model, tensor.start, tensor.end)];
      const raw = parts.find(({ number }) => number === TENSOR_RAW);
      const type = TYPES[parts.find(({ number }) => number === TENSOR_TYPE)?.value ?? 0];
      if (!raw || !type) continue;
      const { bytes, read, write } = type;
      const offsets = Array.from({ length: (raw.end - raw.start) / bytes }, (_, i) => raw.start + bytes * i);
      const values = offsets.map((at) => read(model, at));
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const deviation = Math.sqrt(
        values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
      );
      // Uniform with the deviation wanted.
      const width = share * deviation * Math.sqrt(3);
      for (const [i, at] of offsets.entries())
        write(model, at, (values[i] as number) + random.range(-width, width), random.range(0, 1));
    }
  }
}

function* fields(model: Buffer, start: number, end: number): Generator<Field> {
  for (let at = start; at < end; ) {
    const tag = varint(model, at);
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    const first = wire === 0 || wire === 2 ? varint(model, tag.end) : { value: 0, end: tag.end };
    const length = { 0: 0, 1: 8, 2: first.value, 5: 4 }[wire] ?? 0;
    yield { number, value: first.value, start: first.end, end: first.end + length };
    at = first.end + length;
  }
}

function varint(model: Buffer, start: number): { value: number; end: number } {
  let [value, scale, at] = [0, 1, start];
  for (; (model[at] as number) >= 128; at++, scale *= 128) value += ((model[at] as number) - 128) * scale;
  return { value: value + (model[at] as number) * scale, end: at + 1 };
}
