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
  for (const { cell, place, weight } of rows)
    for (let x = 0; x < width; x++) {
      const at = 3 * (place * width + x);
      const luma =
        0.299 * (data[at] as number) + 0.587 * (data[at + 1] as number) + 0.114 * (data[at + 2] as number);
      bands[cell * width + x] = (bands[cell * width + x] as number) + weight * luma;
    }
  const plane = new Float64Array(side * side);
  for (let y = 0; y < side; y++)
    for (const { cell, place, weight } of columns)
      plane[y * side + cell] =
        (plane[y * side + cell] as number) + weight * (bands[y * width + place] as number);
  return plane;
}

/** Adds whole numbers, one for each cell, to all channels of its pixels, as far as 0..255 lets them. */
export function addToCells({ width, height, data }: Rgb, side: number, change: Float64Array): void {
  const cellOf = (place: number, length: number) => Math.floor(((place + 0.5) * side) / length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const delta = change[cellOf(y, height) * side + cellOf(x, width)] as number;
      if (delta === 0) continue;
      const at = 3 * (y * width + x);
      for (let channel = 0; channel < 3; channel++)
        data[at + channel] = Math.max(0, Math.min(255, (data[at + channel] as number) + delta));
    }
}

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
