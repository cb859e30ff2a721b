/**
 * A 256-bit perceptual hash after PDQ (Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing
 * algorithm", 2019): the signs of 16×16 low frequencies of the luma around their median. Two things differ: the bits are
 * ordered from low to high frequency, so that the leading words survive edits best, and a window of the picture can be
 * hashed as if it were the whole, which finds crops.
 */
import { kernels, layOut, put, room, take } from './kernels.ts';

/** Side of the luma square that is hashed. */
export const HASH_SIDE = 64;
const FREQUENCIES = 16;
const CELLS = FREQUENCIES * FREQUENCIES;
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
const ORDER = Uint8Array.from({ length: CELLS }, (_, cell) => cell).sort((a, b) => {
  const radius = (cell: number): number =>
    (Math.floor(cell / FREQUENCIES) + 1) ** 2 + ((cell % FREQUENCIES) + 1) ** 2;
  return radius(a) - radius(b) || a - b;
});

/** Cosines 1..16 over one axis of a window, zero outside it, by place [64][16] and by frequency [16][64]. */
interface Basis {
  byPlace: Float32Array;
  byFrequency: Float32Array;
}

const bases = new Map<string, Basis>();

function basis(start: number, length: number): Basis {
  const key = `${start}:${length}`;
  const known = bases.get(key);
  if (known) return known;
  const byPlace = new Float32Array(HASH_SIDE * FREQUENCIES);
  const byFrequency = new Float32Array(HASH_SIDE * FREQUENCIES);
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

const axes = new WeakMap<Window, { across: Float32Array; down: Float32Array }>();

/** A window's cosines by place across and by frequency down, found by the window itself: naming it costs as much as a hash. */
function axesOf(window: Window): { across: Float32Array; down: Float32Array } {
  const known = axes.get(window);
  if (known) return known;
  const made = {
    across: basis(window.x, window.width).byPlace,
    down: basis(window.y, window.height).byFrequency,
  };
  axes.set(window, made);
  return made;
}

/** What of a picture is hashed, and turned how. */
export interface Look {
  window: Window;
  orientation: number;
}

/** Share of the spectrum's strength that a frequency must have over the median to count. */
const NOTICEABLE = 0.04;

/**
 * For each look at `luma` [64×64], 256 bits in 8 words, low frequencies first: 1 noticeably above the median. PDQ has no such
 * margin; drawings need one, because most of their frequencies are nearly 0, where compression alone would throw the bits.
 */
export function hashesOf(luma: Uint8Array, looks: readonly Look[]): Uint32Array[] {
  layOut();
  const spectrumOf = createSpectra(luma);
  const [order, scratch, turned] = [put(ORDER), room(4 * CELLS), room(4 * CELLS)];
  const to = room(HASH_BYTES * looks.length);
  for (const [i, { window, orientation }] of looks.entries()) {
    const cells = spectrumOf(window);
    if (orientation !== 0) kernels.oriented(cells, orientation, turned);
    const seen = orientation === 0 ? cells : turned;
    kernels.signs(seen, order, NOTICEABLE, scratch, to + i * HASH_BYTES);
  }
  const words = new Uint32Array(take(to, HASH_BYTES * looks.length).buffer);
  return looks.map((_, i) => words.subarray(i * HASH_WORDS, (i + 1) * HASH_WORDS));
}

/** Where the low frequencies [16 vertical][16 horizontal] of a window of `luma` lie; windows share what they have in common. */
function createSpectra(luma: Uint8Array): (window: Window) => number {
  const rows = put(new Float32Array(luma));
  const kept = new Map<unknown, number>();
  const once = (key: unknown, make: () => number): number => {
    const known = kept.get(key) ?? make();
    kept.set(key, known);
    return known;
  };
  return (window) =>
    once(window, () => {
      const { across, down } = axesOf(window);
      const half = once(across, () => product(rows, HASH_SIDE, put(across)));
      return product(
        once(down, () => put(down)),
        FREQUENCIES,
        half,
      );
    });
}

/** a·b for a [rows][64] and b [64][16]; where it lies. */
function product(a: number, rows: number, b: number): number {
  const to = room(4 * rows * FREQUENCIES);
  kernels.product(a, rows, HASH_SIDE, b, to);
  return to;
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
