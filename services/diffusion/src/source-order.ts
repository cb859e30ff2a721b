import { type GenerateImageRequest, type Image, ImageFormat, stepsOfStrength } from '@atelier/contracts';
import type { Violation } from '@atelier/rpc';
import type { Canvas } from './canvas.ts';
import type { Picture } from './decoder.ts';
import type { Encoder } from './encoder.ts';
import { firstEntry } from './samplers/plan.ts';
import type { SamplingOrder } from './sampling-order.ts';
import { maskOfSample, type Source } from './source.ts';

/** What a request wants its picture begun from, checked; of its own size still. */
export interface SourceOrder {
  readonly picture: Image;
  readonly mask?: Image;
  /** Above 0 to 1. */
  readonly strength: number;
}

const MIN_SIDE = 16;
const MAX_SIDE = 4096;
const MAX_BYTES = 4_194_304;
const DEFAULT_STRENGTH = 0.8;
/** A pixel of a mask is drawn anew from here on, of 255. */
const MASK_THRESHOLD = 128;

/**
 * Checks what a picture is begun from; every bad field and its limit are added to `violations`.
 * @param encodes whether the bundle can turn a picture into a sample.
 */
export function parseSource(
  { initImage, mask, strength }: GenerateImageRequest,
  encodes: boolean,
  violations: Violation[],
): SourceOrder | undefined {
  const refuse = (field: string, description: string): undefined =>
    void violations.push({ field, description });
  if (!initImage) {
    for (const [field, given] of Object.entries({ mask, strength })) {
      if (given !== undefined) refuse(field, 'needs init_image');
    }
    return undefined;
  }
  if (!encodes) {
    return refuse(
      'init_image',
      'this model works on latents and its bundle has no vae_encoder: must be absent',
    );
  }
  const before = violations.length;
  checkPixels('init_image', initImage, refuse);
  if (mask) {
    checkPixels('mask', mask, refuse);
    const { width, height } = initImage;
    if (mask.width !== width || mask.height !== height) {
      refuse('mask', `must be ${width}×${height} pixels as init_image, not ${mask.width}×${mask.height}`);
    }
  }
  if (violations.length > before) return undefined;
  return { picture: initImage, ...(mask && { mask }), strength: strength ?? defaultStrength(mask) };
}

/** How much of a picture to redraw when the request doesn't say. */
export function defaultStrength(mask: Image | undefined): number {
  return mask ? 1 : DEFAULT_STRENGTH;
}

function checkPixels(
  field: string,
  { width, height, format, data }: Image,
  refuse: (field: string, description: string) => undefined,
): void {
  if (format !== ImageFormat.RGB8) refuse(`${field}.format`, 'must be RGB8');
  for (const [name, side] of Object.entries({ width, height })) {
    if (side < MIN_SIDE || side > MAX_SIDE) {
      refuse(`${field}.${name}`, `must be ${MIN_SIDE} to ${MAX_SIDE} pixels, not ${side}`);
    }
  }
  const bytes = width * height * 3;
  if (bytes > MAX_BYTES) refuse(field, `must hold at most ${MAX_BYTES} bytes`);
  else if (data.length !== bytes) {
    refuse(`${field}.data`, `must hold ${bytes} bytes for its size, not ${data.length}`);
  }
}

/** Fits picture and mask to the canvas and encodes the picture. @throws InferenceError of the encoding network. */
export async function prepareSource(
  { picture, mask, strength }: SourceOrder,
  { sampler, steps }: SamplingOrder,
  canvas: Canvas,
  encoder: Encoder,
): Promise<Source> {
  const encoded = await encoder.encode(await fitted(picture, canvas), canvas);
  const kept = mask && maskOfSample(thresholded((await fitted(mask, canvas)).rgb), canvas);
  const first = firstEntry(sampler, steps, stepsOfStrength(steps, strength));
  return { picture: encoded, strength, first, ...(kept && { mask: kept }) };
}

/** An RGB8 picture scaled so that it covers the canvas, what stands out of it cut evenly; as it is when it has its size. */
async function fitted({ width, height, data }: Image, canvas: Canvas): Promise<Picture> {
  const wanted = { width: canvas.width * canvas.scale, height: canvas.height * canvas.scale };
  if (width === wanted.width && height === wanted.height) return { ...wanted, rgb: new Uint8Array(data) };
  const { default: sharp } = await import('sharp');
  const rgb = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ ...wanted, fit: 'cover', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return { ...wanted, rgb: new Uint8Array(rgb) };
}

/** 1 where the mean of a pixel's three bytes is at the threshold or above. */
function thresholded(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: rgb.length / 3 }, (_, i) => {
    const sum = (rgb[i * 3] as number) + (rgb[i * 3 + 1] as number) + (rgb[i * 3 + 2] as number);
    return sum >= 3 * MASK_THRESHOLD ? 1 : 0;
  });
}
