import { setImmediate as breathe } from 'node:timers/promises';
import { InferenceError, type Tensor, tensor } from '@atelier/inference';

/** A picture as interleaved RGB8, rows from the top. */
export interface Picture {
  /** Side in pixels; pictures here are square. */
  readonly side: number;
  /** side × side × 3 bytes. */
  readonly rgb: Uint8Array;
}

/** Pixels converted between two turns of the event loop: under a millisecond's work. */
const PIXELS_AT_ONCE = 1 << 15;

/** The picture as a network takes it: planar float32 [1, 3, side, side] of [0, 1]. */
export function toPlanes({ side, rgb }: Picture): Tensor<'float32'> {
  const pixels = side * side;
  const planes = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    planes[i] = (rgb[i * 3] as number) / 255;
    planes[pixels + i] = (rgb[i * 3 + 1] as number) / 255;
    planes[2 * pixels + i] = (rgb[i * 3 + 2] as number) / 255;
  }
  return tensor('float32', [1, 3, side, side], planes);
}

/**
 * A network's answer [1, 3, side, side] as RGB8, values outside [0, 1] clamped. The event loop turns in between.
 * @throws InferenceError NON_FINITE_OUTPUT when it isn't all numbers.
 */
export async function fromPlanes(planes: Float32Array, side: number): Promise<Picture> {
  const pixels = side * side;
  const rgb = new Uint8ClampedArray(3 * pixels);
  // NaN and infinity survive in the sum of x·0.
  let check = 0;
  for (let start = 0; start < pixels; start += PIXELS_AT_ONCE) {
    if (start > 0) await breathe();
    const end = Math.min(pixels, start + PIXELS_AT_ONCE);
    for (let i = start; i < end; i++) {
      const red = planes[i] as number;
      const green = planes[pixels + i] as number;
      const blue = planes[2 * pixels + i] as number;
      check += (red + green + blue) * 0;
      rgb[i * 3] = red * 255;
      rgb[i * 3 + 1] = green * 255;
      rgb[i * 3 + 2] = blue * 255;
    }
    if (check !== 0)
      throw new InferenceError('NON_FINITE_OUTPUT', `The network to ${side} pixels gave NaN or infinity`);
  }
  return { side, rgb: new Uint8Array(rgb.buffer) };
}
