/**
 * A 256-bit perceptual hash after PDQ (Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing
 * algorithm", 2019): the signs of 16×16 low frequencies of the luma around their median. Two things differ: the bits are
 * ordered from low to high frequency, so that the leading words survive edits best, and a window of the picture can be
 * hashed as if it were the whole, which finds crops.
 */

/** Side of the luma square that is hashed. */
export const HASH_SIDE = 64;
const FREQUENCIES = 16;
export const HASH_WORDS = 8;
export const HASH_BYTES = 4 * HASH_WORDS;

/** A part of a picture, in shares of its sides: left, top, width, height. */
export interface Window {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const WHOLE: Window = { x: 0, y: 0, width: 1, height: 1 };

/** Orientation 0..7: bit 0 mirrors left-right, bit 1 top-bottom, bit 2 transposes first. */
export const ORIENTATIONS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Cells of the 16×16 spectrum from low to high frequency. */
const ORDER = Array.from({ length: FREQUENCIES * FREQUENCIES }, (_, cell) => cell).sort((a, b) => {
  const radius = (cell: number): number =>
    (Math.floor(cell / FREQUENCIES) + 1) ** 2 + ((cell % FREQUENCIES) + 1) ** 2;
  return radius(a) - radius(b) || a - b;
});

/** Cosine rows 1..16 over one axis of a window, [16][64]: zero outside it. */
const bases = new Map<string, Float32Array>();

function basis(start: number, length: number): Float32Array {
  const key = `${start}:${length}`;
  const known = bases.get(key);
  if (known) return known;
  const matrix = new Float32Array(FREQUENCIES * HASH_SIDE);
  for (let f = 0; f < FREQUENCIES; f++) {
    for (let i = 0; i < HASH_SIDE; i++) {
      const [low, high] = [i / HASH_SIDE, (i + 1) / HASH_SIDE];
      const covered = Math.max(0, Math.min(high, start + length) - Math.max(low, start)) * HASH_SIDE;
      if (covered === 0) continue;
      const middle = (Math.max(low, start) + Math.min(high, start + length)) / 2;
      matrix[f * HASH_SIDE + i] = covered * Math.cos((Math.PI * (f + 1) * (middle - start)) / length);
    }
  }
  bases.set(key, matrix);
  return matrix;
}

/** The low frequencies [16 vertical][16 horizontal] of each window of `luma` [64×64]; windows share work by columns. */
export function spectra(luma: Float32Array, windows: readonly Window[]): Float32Array[] {
  const halves = new Map<Float32Array, Float32Array>();
  return windows.map((window) => {
    const across = basis(window.x, window.width);
    let half = halves.get(across);
    if (!half) {
      half = alongRows(luma, across);
      halves.set(across, half);
    }
    return alongColumns(half, basis(window.y, window.height));
  });
}

function alongRows(luma: Float32Array, across: Float32Array): Float32Array {
  const half = new Float32Array(HASH_SIDE * FREQUENCIES);
  for (let y = 0; y < HASH_SIDE; y++) {
    for (let f = 0; f < FREQUENCIES; f++) {
      let sum = 0;
      for (let x = 0; x < HASH_SIDE; x++)
        sum += (luma[y * HASH_SIDE + x] as number) * (across[f * HASH_SIDE + x] as number);
      half[y * FREQUENCIES + f] = sum;
    }
  }
  return half;
}

function alongColumns(half: Float32Array, down: Float32Array): Float32Array {
  const cells = new Float32Array(FREQUENCIES * FREQUENCIES);
  for (let g = 0; g < FREQUENCIES; g++) {
    for (let y = 0; y < HASH_SIDE; y++) {
      const weight = down[g * HASH_SIDE + y] as number;
      if (weight === 0) continue;
      for (let f = 0; f < FREQUENCIES; f++)
        cells[g * FREQUENCIES + f] =
          (cells[g * FREQUENCIES + f] as number) + weight * (half[y * FREQUENCIES + f] as number);
    }
  }
  return cells;
}

/** The spectrum of the picture turned or mirrored, from that of the picture itself. */
export function oriented(cells: Float32Array, orientation: number): Float32Array {
  const turned = new Float32Array(cells.length);
  for (let g = 0; g < FREQUENCIES; g++) {
    for (let f = 0; f < FREQUENCIES; f++) {
      const from = orientation & 4 ? f * FREQUENCIES + g : g * FREQUENCIES + f;
      // Mirroring negates the odd frequencies, and row 0 holds frequency 1.
      const sign = (orientation & 1 && f % 2 === 0 ? -1 : 1) * (orientation & 2 && g % 2 === 0 ? -1 : 1);
      turned[g * FREQUENCIES + f] = sign * (cells[from] as number);
    }
  }
  return turned;
}

/** Share of the spectrum's strength that a frequency must have over the median to count. */
const NOTICEABLE = 0.04;

/**
 * 256 bits in 8 words, low frequencies first: 1 noticeably above the median. PDQ has no such margin; drawings need one,
 * because most of their frequencies are nearly 0, where compression alone would throw the bits.
 */
export function hashOf(cells: Float32Array): Uint32Array {
  const median = (Float32Array.from(cells).sort()[cells.length / 2] as number) || 0;
  const strength = Math.sqrt(cells.reduce((sum, value) => sum + value * value, 0) / cells.length);
  const threshold = median + NOTICEABLE * strength;
  const words = new Uint32Array(HASH_WORDS);
  for (const [bit, cell] of ORDER.entries()) {
    if ((cells[cell] as number) > threshold)
      words[bit >> 5] = ((words[bit >> 5] as number) | (1 << (bit & 31))) >>> 0;
  }
  return words;
}

/** Bits that differ, 0..256, between a hash and the one at word `at` of `others`. */
export function distance(hash: Uint32Array, others: Uint32Array, at = 0): number {
  let bits = 0;
  for (let i = 0; i < HASH_WORDS; i++) bits += popcount((hash[i] as number) ^ (others[at + i] as number));
  return bits;
}

function popcount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
