/** The picture and the mask that goldens are begun from; patterns.py draws the same. */
import { ImageFormat } from '@atelier/contracts';

const image = (side: number, pixel: (x: number, y: number) => readonly [number, number, number]) => ({
  width: side,
  height: side,
  format: ImageFormat.RGB8,
  data: Uint8Array.from(
    Array.from({ length: side * side }, (_, i) => pixel(i % side, Math.floor(i / side))).flat(),
  ),
});

/** Red grows to the right, green downwards; blue is a checkerboard of four pixels. */
export const picture = (side: number) =>
  image(side, (x, y) => [
    Math.floor((255 * x) / (side - 1)),
    Math.floor((255 * y) / (side - 1)),
    (Math.floor(x / 4) + Math.floor(y / 4)) % 2 ? 200 : 40,
  ]);

/** Whether a pixel is in the white disc in the middle. */
export const inDisc = (side: number, x: number, y: number): boolean =>
  3 * ((2 * x - side + 1) ** 2 + (2 * y - side + 1) ** 2) <= side * side;

/** The white disc. */
export const mask = (side: number) =>
  image(side, (x, y) => (inDisc(side, x, y) ? [255, 255, 255] : [0, 0, 0]));
