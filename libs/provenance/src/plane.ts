/** A picture's brightness as a small square plane, whatever its size: what a watermark is written into and read from. */

/** Interleaved bytes. */
export interface Rgb {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Mean luma (Rec. 601) of each of `side` × `side` cells; pixels on an edge count in part to both sides. */
export function lumaPlane({ width, height, data }: Rgb, side: number): Float64Array {
  const columns = spans(width, side);
  const rows = spans(height, side);
  // Rows first, so that each pixel is read once.
  const bands = new Float64Array(side * width);
  for (const { cell, place, weight } of rows) {
    const end = (cell + 1) * width;
    for (let to = cell * width, at = 3 * place * width; to < end; to++, at += 3) {
      const luma =
        0.299 * (data[at] as number) + 0.587 * (data[at + 1] as number) + 0.114 * (data[at + 2] as number);
      bands[to] = (bands[to] as number) + weight * luma;
    }
  }
  const plane = new Float64Array(side * side);
  for (let y = 0; y < side; y++)
    for (const { cell, place, weight } of columns)
      plane[y * side + cell] =
        (plane[y * side + cell] as number) + weight * (bands[y * width + place] as number);
  return plane;
}

/**
 * Adds whole numbers, one for each cell, to all channels of its pixels, as far as 0..255 lets them. @returns whether it let all of them:
 * then the mean luma of cells that are whole pixels has changed by just as much.
 */
export function addToCells({ width, height, data }: Rgb, side: number, change: Float64Array): boolean {
  const columns = cellsOf(width, side);
  const rows = cellsOf(height, side);
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
  const whole = Int32Array.from(change);
  // A sum outside 0..255 has a bit above the lowest eight.
  let bits = 0;
  for (let y = 0, at = 0; y < height; y++) {
    const row = (rows[y] as number) * side;
    for (let x = 0; x < width; x++, at += 3) {
      const delta = whole[row + (columns[x] as number)] as number;
      if (delta === 0) continue;
      const red = (pixels[at] as number) + delta;
      const green = (pixels[at + 1] as number) + delta;
      const blue = (pixels[at + 2] as number) + delta;
      bits |= red | green | blue;
      pixels[at] = red;
      pixels[at + 1] = green;
      pixels[at + 2] = blue;
    }
  }
  return (bits & ~255) === 0;
}

/** The cell that the middle of each place of a line is in. */
const cellsOf = (length: number, side: number): Uint32Array =>
  Uint32Array.from({ length }, (_, place) => Math.floor(((place + 0.5) * side) / length));

/** Which places of a line belong to which cell, and how much they count in its mean. */
function spans(length: number, side: number): { cell: number; place: number; weight: number }[] {
  const size = length / side;
  return Array.from({ length: side }, (_, cell) => {
    const [from, to] = [cell * size, (cell + 1) * size];
    const first = Math.floor(from);
    return Array.from({ length: Math.min(length, Math.ceil(to - 1e-9)) - first }, (_, i) => {
      const place = first + i;
      return { cell, place, weight: (Math.min(to, place + 1) - Math.max(from, place)) / size };
    });
  }).flat();
}
