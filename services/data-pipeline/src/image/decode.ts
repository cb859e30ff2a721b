/** Bytes → a small upright sRGB picture, under limits: the only place that decodes what strangers made. */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { type Removal, removed, type Verdict } from '../reasons.ts';
import { decodeJpeg, type ReducedJpeg } from './jpeg/decode.ts';
import type { ImageLimits } from './limits.ts';
import type { Raster } from './raster.ts';
import { squeezed } from './resample.ts';

/** Formats that are read. SVG and PDF are programs more than pictures: refused. */
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif', 'jp2', 'jxl', 'ppm']);

/**
 * A picture is halved until its shorter side is below this, pixels: enough to judge sharpness, and halving is what JPEG
 * decoders do by leaving frequencies out.
 */
export const WORKING_SIDE = 192;
/** Longest side of the working picture, pixels; panoramas are squeezed no further than this needs. */
const LONGEST_WORKING_SIDE = 4_096;

export interface Decoded {
  /** What the header says: libvips' name of the format, size in pixels after orientation, frames. */
  format: string;
  width: number;
  height: number;
  frames: number;
  /** The first frame, its shorter side below WORKING_SIDE and, where the picture has so many, at least half of it. */
  working: Raster;
}

/** Thrown for a picture that is refused; its verdict goes to the ledger. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly verdict: Verdict;

  constructor(reason: Removal, detail = '') {
    super(`${reason}: ${detail}`);
    this.verdict = removed(reason, detail);
  }
}

/** A pipeline over untrusted bytes; `pages: 1` takes the first frame. Warnings are tolerated as browsers do. */
export function openUntrusted(bytes: Uint8Array, limits: ImageLimits): Sharp {
  return sharp(bytes, {
    limitInputPixels: limits.maxPixels,
    failOn: 'error',
    sequentialRead: true,
    pages: 1,
  }).timeout({ seconds: Math.ceil(limits.decodeTimeoutMs / 1000) });
}

/** As it is shown: orientation applied, CMYK, 16-bit, grey and Lab as sRGB, transparent parts on white. */
export const upright = (pipeline: Sharp): Sharp =>
  pipeline.autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb').removeAlpha();

/** @throws Refused with the verdict. */
export async function decode(bytes: Buffer, limits: ImageLimits): Promise<Decoded> {
  if (bytes.length <= limits.maxBytes) {
    const quick = decodeJpeg(bytes, divisorFor, limits.maxPixels);
    if (quick) return quickly(quick);
  }
  const header = await readHeader(bytes, limits);
  const turned = (header.orientation ?? 1) >= 5;
  const pageHeight = header.pageHeight ?? header.height;
  const [width, height] = turned ? [pageHeight, header.width] : [header.width, pageHeight];
  const target = workingSize(width, height);
  const pixels = upright(openUntrusted(bytes, limits))
    .resize(target.width, target.height, { fit: 'fill', fastShrinkOnLoad: true })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { data, info } = await inTime(pixels, limits.decodeTimeoutMs);
  if (info.channels !== 3) throw new Refused('undecodable', `${info.channels} channels`);
  const working = { width: info.width, height: info.height, rgb: data };
  return {
    format: header.format ?? 'unknown',
    width,
    height,
    frames: header.pages ?? 1,
    working,
  };
}

function quickly({ width, height, raster }: ReducedJpeg): Decoded {
  const target = workingSize(width, height);
  const working = squeezed(raster, target.width, target.height);
  return { format: 'jpeg', width, height, frames: 1, working };
}

function halvingsFor(width: number, height: number): number {
  let halvings = 0;
  while (Math.min(width, height) >= WORKING_SIDE << halvings) halvings += 1;
  return halvings;
}

/** How far a JPEG's own transform can shrink the picture on the way to its working size. */
const divisorFor = (width: number, height: number): 1 | 2 | 4 | 8 =>
  ([1, 2, 4, 8] as const)[Math.min(3, halvingsFor(width, height))] as 1 | 2 | 4 | 8;

/** Rounded up, as JPEG decoders do, so that nothing is left to resize after one has halved. */
function workingSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(2 ** -halvingsFor(width, height), LONGEST_WORKING_SIDE / Math.max(width, height));
  return { width: Math.ceil(width * scale), height: Math.ceil(height * scale) };
}

/** The header within the limits. @throws Refused. */
async function readHeader(
  bytes: Uint8Array,
  limits: ImageLimits,
): Promise<Metadata & { width: number; height: number }> {
  if (bytes.length === 0) throw new Refused('not_a_picture', 'empty');
  if (bytes.length > limits.maxBytes) throw new Refused('too_many_bytes', `${bytes.length} bytes`);
  const header = await inTime(
    sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata(),
    limits.decodeTimeoutMs,
    'not_a_picture',
  );
  const { format, width, height, pages = 1, pageHeight = height } = header;
  if (!FORMATS.has(format)) throw new Refused('not_a_picture', `format ${format}`);
  if (!(width > 0 && height > 0)) throw new Refused('undecodable', 'the header states no size');
  if (pages > limits.maxFrames) throw new Refused('too_many_frames', `${pages} frames`);
  const total = width * pageHeight * pages;
  if (total > limits.maxPixels)
    throw new Refused('too_many_pixels', `${width} × ${pageHeight} × ${pages} frames`);
  return header;
}

/** The result, or what it failed of as a Refused. A decoder that hangs costs a thread, not the run. */
async function inTime<T>(work: Promise<T>, limitMs: number, failure: Removal = 'undecodable'): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refused('decode_timeout', `${limitMs} ms`)), limitMs + 1_000);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw refusalOf(error, failure);
  } finally {
    clearTimeout(timer);
  }
}

function refusalOf(error: unknown, failure: Removal): Refused {
  const words = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.trim() ?? '';
  if (/timeout/i.test(words)) return new Refused('decode_timeout', words);
  if (/pixel limit/i.test(words)) return new Refused('too_many_pixels', words);
  return new Refused(failure, words.slice(0, 200));
}
