/** Features and class probabilities of pictures, by any ONNX network that gives them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSession, floatOutput, tensor } from '@atelier/inference';
import { softmax } from '@atelier/metrics';
import type { Judge, Judgement } from '@atelier/vision-language';
import sharp from 'sharp';

/** What Fréchet distances and inception scores are computed from. */
export interface Seen {
  readonly features: Float32Array;
  /** Undefined when the network tells no classes. */
  readonly classes?: Float64Array | undefined;
}

export interface Extractor {
  /** For the report: what sees, and its digest. */
  readonly name: string;
  see(png: Buffer): Promise<Seen>;
  close(): Promise<void>;
}

/** How a network wants its pixels. */
export type PixelRange = keyof typeof RANGES;
export const RANGES = {
  /** −1 to 1. */
  signed: () => [127.5, 127.5] as const,
  /** 0 to 1. */
  unit: () => [0, 255] as const,
  /** 0 to 255, as torch-fidelity's Inception takes them. */
  bytes: () => [0, 1] as const,
  /** ImageNet's mean and deviation, as torchvision's networks take them. */
  imagenet: (channel: number) =>
    [
      [123.675, 58.395],
      [116.28, 57.12],
      [103.53, 57.375],
    ][channel] as unknown as readonly [number, number],
};

/**
 * Opens a network with one picture input [n, 3, side, side] and an output `features`, or else its first; class scores in an output
 * `logits`, where it has one. @param side used where the graph leaves its side free.
 */
export async function openOnnxExtractor(
  path: string,
  { range = 'signed', side = 299 }: { range?: PixelRange; side?: number } = {},
): Promise<Extractor> {
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  const session = await createSession(path, { name: 'features' });
  const [input] = session.inputs;
  if (!input || session.inputs.length !== 1) throw new TypeError(`${path} must have one input`);
  const fixed = input.shape[3];
  const edge = typeof fixed === 'number' && fixed > 0 ? fixed : side;
  const names = session.outputs.map(({ name }) => name);
  const features = names.includes('features') ? 'features' : (names[0] as string);
  return {
    name: `${path} (${sha256.slice(0, 12)})`,
    async see(png) {
      const rgb = await resized(png, edge);
      const outputs = await session.run({
        [input.name]: tensor('float32', [1, 3, edge, edge], planes(rgb, edge, range)),
      });
      const logits = names.includes('logits') ? floatOutput(outputs, 'logits').data : undefined;
      return { features: floatOutput(outputs, features).data, classes: logits && softmax(logits) };
    },
    close: () => session.close(),
  };
}

/** RGB bytes of a picture at another size, antialiased: what a careless resize does to a Fréchet distance is larger than models' differences (Parmar et al. 2022). */
export function resized(png: Buffer, side: number): Promise<Buffer> {
  return sharp(png).removeAlpha().resize(side, side, { kernel: 'cubic', fit: 'fill' }).raw().toBuffer();
}

function planes(rgb: Uint8Array, side: number, range: PixelRange): Float32Array {
  const area = side * side;
  const data = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    const [mean, deviation] = RANGES[range](channel);
    for (let i = 0; i < area; i++)
      data[channel * area + i] = ((rgb[3 * i + channel] as number) - mean) / deviation;
  }
  return data;
}

/** What a picture of the starter's world may be of: its domain, and in it the attribute that tells most. */
const LEAVES = { landscape: 'place', abstract: 'kind', portrait: 'hair.style' } as const;

/** The judge's classes as one distribution: domain times the leaf attribute within it. */
export function worldClasses({ logits }: Judgement, classes: Judge['classes']): Float64Array {
  const domains = known(logits, classes, 'domain');
  return Float64Array.from(
    Object.entries(LEAVES).flatMap(([domain, key]) => {
      const share = domains.get(domain) ?? 0;
      return [...known(logits, classes, key).values()].map((p) => share * p);
    }),
  );
}

/** Probabilities of an attribute's values other than "has none". */
function known(logits: Judgement['logits'], classes: Judge['classes'], key: string): Map<string, number> {
  const values = classes[key] ?? [];
  const places = values.flatMap((value, i) => (value === '' ? [] : [i]));
  const probabilities = softmax(places.map((i) => logits[key]?.[i] as number));
  return new Map(places.map((place, i) => [values[place] as string, probabilities[i] as number]));
}
