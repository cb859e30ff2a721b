/** How much two pictures that lie on each other differ, and in what. */
import { THUMB_SIDE } from '../image/signature.ts';

/** How well two pictures lie on each other, in shares of the whole range of colour, 0..1. */
export interface Fit {
  /** Mean difference. */
  mean: number;
  /** Difference of the worst eighth of 64 blocks: one thing that is elsewhere or of another colour shows here. */
  worst: number;
  /**
   * Mean difference that no misplaced edge explains: what only one of the two shows. Edges that lie next to each other differ
   * too, but both pictures have them; a bird in one sky does not look like that. All of it where `mean` is above 0.08.
   */
  strange: number;
}

const BLOCKS = 8;
const BLOCK_SIDE = THUMB_SIDE / BLOCKS;
/** Share of the contrast around a pixel that both pictures have there which may be misplaced. */
const MISPLACED = 0.5;

/** Mean difference above which nobody asks what explains it: finding that out costs more than all else. */
const FAR = 0.08;

/** @param other the picture that is laid over `one`, moved and scaled: [48×48×3], as `one`. */
export function fitOf(one: Uint8Array, other: Float32Array): Fit {
  const blocks = new Float32Array(BLOCKS * BLOCKS);
  let sum = 0;
  for (let i = 0; i < one.length; i++) {
    const differs = Math.abs((one[i] as number) - (other[i] as number)) / 255;
    sum += differs;
    const pixel = Math.floor(i / 3);
    const block =
      Math.floor(pixel / THUMB_SIDE / BLOCK_SIDE) * BLOCKS + Math.floor((pixel % THUMB_SIDE) / BLOCK_SIDE);
    blocks[block] = (blocks[block] as number) + differs / (3 * BLOCK_SIDE * BLOCK_SIDE);
  }
  const mean = sum / one.length;
  let worst = 0;
  for (const value of blocks.sort().subarray(-BLOCKS)) worst += value / BLOCKS;
  return { mean, worst, strange: mean > FAR ? mean : strangeness(one, other) };
}

function strangeness(one: Uint8Array, other: Float32Array): number {
  const [contrast, others] = [contrasts(one), contrasts(other)];
  let sum = 0;
  for (let i = 0; i < one.length; i++) {
    const explained = MISPLACED * Math.min(contrast[i] as number, others[i] as number);
    sum += Math.max(0, Math.abs((one[i] as number) - (other[i] as number)) - explained);
  }
  return sum / (255 * one.length);
}

/** For each value of a square, the range of its channel in the 3×3 pixels around it. */
function contrasts(square: Uint8Array | Float32Array): Float32Array {
  const side = THUMB_SIDE;
  const ranges = new Float32Array(square.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let c = 0; c < 3; c++) {
        let low = 255;
        let high = 0;
        for (let v = Math.max(0, y - 1); v <= Math.min(side - 1, y + 1); v++) {
          for (let u = Math.max(0, x - 1); u <= Math.min(side - 1, x + 1); u++) {
            const value = square[3 * (v * side + u) + c] as number;
            if (value < low) low = value;
            if (value > high) high = value;
          }
        }
        ranges[3 * (y * side + x) + c] = high - low;
      }
    }
  }
  return ranges;
}
