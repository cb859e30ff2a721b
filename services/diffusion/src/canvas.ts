import type { Violation } from '@atelier/rpc';

/** What a drawing is drawn on: the network's sample, which is the picture itself or a latent of it. */
export interface Canvas {
  /** Sizes of the sample. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Pixels of the picture a side for one element of the sample; 1 in pixel space. */
  readonly scale: number;
}

/** What sizes a network draws. Pixels throughout. */
export interface SizeLimits {
  /** Side of the pictures it was trained on. */
  readonly sampleSize: number;
  readonly channels: number;
  readonly scale: number;
  /** Sides are multiples of it; undefined when the graph has one size alone. */
  readonly multiple?: number | undefined;
}

/** Longest side, and most pixels: RGB8 bytes must fit an `atelier.type.v1.Image`. */
const MAX_SIDE = 4096;
const MAX_PIXELS = Math.floor(4_194_304 / 3);

/** Elements of a canvas's sample. */
export function sampleSizeOf({ channels, height, width }: Canvas): number {
  return channels * height * width;
}

/** The canvas of a picture of a size the network draws; what is wrong with the size, otherwise. */
export function canvasFor(
  limits: SizeLimits,
  width: number = limits.sampleSize,
  height: number = limits.sampleSize,
): Canvas | Violation[] {
  const { sampleSize, channels, scale, multiple } = limits;
  const fits = (side: number): boolean =>
    side === sampleSize || (multiple !== undefined && side > 0 && side <= MAX_SIDE && side % multiple === 0);
  const possible = multiple
    ? `draws multiples of ${multiple} pixels up to ${MAX_SIDE}`
    : `draws ${sampleSize} pixels`;
  const violations = Object.entries({ width, height })
    .filter(([, side]) => !fits(side))
    .map(([field, side]) => ({ field, description: `this model ${possible}, not ${side}` }));
  if (violations.length === 0 && width * height > MAX_PIXELS) {
    violations.push({ field: 'height', description: `a picture has at most ${MAX_PIXELS} pixels` });
  }
  return violations.length > 0
    ? violations
    : { channels, height: height / scale, width: width / scale, scale };
}

/** The canvas of a picture of the size it was trained on. */
export function defaultCanvas({ sampleSize, channels, scale }: SizeLimits): Canvas {
  return { channels, height: sampleSize / scale, width: sampleSize / scale, scale };
}
