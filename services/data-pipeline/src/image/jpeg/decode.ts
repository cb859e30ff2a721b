/** JPEGs as small upright sRGB pictures without a pipeline: most of what strangers send, and nothing odd. */
import { toSrgb } from '../icc.ts';
import { isTurned, type Raster, shownUpright } from '../raster.ts';
import { readSegments } from './segments.ts';
import { openTurbo } from './turbo.ts';

export interface ReducedJpeg {
  /** Of the whole picture as it is shown, pixels. */
  width: number;
  height: number;
  /** At 1/`divisor` of that, rounded up. */
  raster: Raster;
}

const turbo = await openTurbo();

/** The picture at the divisor chosen for its size as it is shown; null for what libvips has to decode or refuse. */
export function decodeJpeg(
  bytes: Buffer,
  divisorFor: (width: number, height: number) => 1 | 2 | 4 | 8,
  maxPixels: number,
): ReducedJpeg | null {
  const segments = turbo && readSegments(bytes);
  if (!turbo || !segments) return null;
  const { orientation, profile } = segments;
  const [width, height] = isTurned(orientation)
    ? [segments.height, segments.width]
    : [segments.width, segments.height];
  if (width * height > maxPixels) return null;
  const colours = profile ? toSrgb(profile) : 'same';
  if (colours === null) return null;
  const stored = turbo.decode(bytes, divisorFor(width, height), maxPixels);
  if (!stored) return null;
  if (colours !== 'same') colours(stored.rgb);
  return { width, height, raster: shownUpright(stored, orientation) };
}
