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
const ORDER = Uint8Array.from({ length: FREQUENCIES * FREQUENCIES }, (_, cell) => cell).sort((a, b) => {
  const radius = (cell: number): number =>
    (Math.floor(cell / FREQUENCIES) + 1) ** 2 + ((cell % FREQUENCIES) + 1) ** 2;
  return radius(a) - radius(b) || a - b;
});

/** Cosines 1..16 over one axis of a window, zero outside it, by place [64][16] and by frequency [16][64]. */
interface Basis {
  byPlace: Float64Array;
  byFrequency: Float64Array;
}

const bases = new Map<string, Basis>();

function basis(start: number, length: number): Basis {
  const key = `${start}:${length}`;
  const known = bases.get(key);
  if (known) return known;
  const byPlace = new Float64Array(HASH_SIDE * FREQUENCIES);
  const byFrequency = new Float64Array(HASH_SIDE * FREQUENCIES);
  for (let f = 0; f < FREQUENCIES; f++) {
    for (let i = 0; i < HASH_SIDE; i++) {
      const [low, high] = [i / HASH_SIDE, (i + 1) / HASH_SIDE];
      const covered = Math.max(0, Math.min(high, start + length) - Math.max(low, start)) * HASH_SIDE;
      if (covered === 0) continue;
      const middle = (Math.max(low, start) + Math.min(high, start + length)) / 2;
      const cosine = covered * Math.cos((Math.PI * (f + 1) * (middle - start)) / length);
      byPlace[i * FREQUENCIES + f] = cosine;
      byFrequency[f * HASH_SIDE + i] = cosine;
    }
  }
  const made = { byPlace, byFrequency };
  bases.set(key, made);
  return made;
}

/** The low frequencies [16 vertical][16 horizontal] of each window of `luma` [64×64]; windows share work by columns. */
export function spectra(luma: Uint8Array, windows: readonly Window[]): Float32Array[] {
  const rows = new Float64Array(luma);
  const halves = new Map<Basis, Float64Array>();
  return windows.map((window) => {
    const across = basis(window.x, window.width);
    let half = halves.get(across);
    if (!half) {
      half = product(rows, across.byPlace);
      halves.set(across, half);
    }
    return new Float32Array(product(basis(window.y, window.height).byFrequency, half));
  });
}

/**
 * a·b for a [n][64] and b [64][16]. Eight sums at a time: a processor that waits for one adds to the others, and this is
 * where hashing's time goes.
 */
function product(a: Float64Array, b: Float64Array): Float64Array {
  const rows = a.length / HASH_SIDE;
  const result = new Float64Array(rows * FREQUENCIES);
  for (let row = 0; row < rows; row++) {
    for (let f = 0; f < FREQUENCIES; f += 8) {
      let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let i = 0; i < HASH_SIDE; i++) {
        const weight = a[row * HASH_SIDE + i] as number;
        const at = i * FREQUENCIES + f;
        s0 += weight * (b[at] as number);
        s1 += weight * (b[at + 1] as number);
        s2 += weight * (b[at + 2] as number);
        s3 += weight * (b[at + 3] as number);
        s4 += weight * (b[at + 4] as number);
        s5 += weight * (b[at + 5] as number);
        s6 += weight * (b[at + 6] as number);
        s7 += weight * (b[at + 7] as number);
      }
      result.set([s0, s1, s2, s3, s4, s5, s6, s7], row * FREQUENCIES + f);
    }
  }
  return result;
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
  const median = middleOf(cells);
  let power = 0;
  for (const value of cells) power += value * value;
  const strength = Math.sqrt(power / cells.length);
  const threshold = median + NOTICEABLE * strength;
  const words = new Uint32Array(HASH_WORDS);
  for (let bit = 0; bit < ORDER.length; bit++) {
    if ((cells[ORDER[bit] as number] as number) > threshold)
      words[bit >> 5] = ((words[bit >> 5] as number) | (1 << (bit & 31))) >>> 0;
  }
  return words;
}

const scratch = new Float32Array(FREQUENCIES * FREQUENCIES);

/** The value that half of the others are below (Hoare's selection): sorting all of them is half of what a hash costs. */
function middleOf(cells: Float32Array): number {
  const values = scratch;
  values.set(cells);
  const wanted = values.length / 2;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] as number) < pivot) i += 1;
      while ((values[j] as number) > pivot) j -= 1;
      if (i > j) break;
      const swapped = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = swapped;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return values[wanted] as number;
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
