/**
 * An invisible watermark: spread-transform dither modulation (Chen and Wornell 2001) of brightness in the frequency domain. Each bit is the
 * remainder of a sum over many frequencies, so no single one has to survive; the picture itself is no noise to it. The same
 * picture and message always give the same bytes.
 */
import { createRandom } from '@atelier/scenes/random';
import { CODE_BITS, codeBits, messageOf } from './code.ts';
import { dct, inverseDct } from './dct.ts';
import { addToCells, lumaPlane, type Rgb } from './plane.ts';

/** First bits of every message: tells our marks from a checksum that fits by chance. */
const TAG = 0xa7;
/** Bits of what the caller has to say. */
const PAYLOAD_BITS = 24;

/** Distance of the values that mean the same bit, levels of brightness: larger survives more and is seen sooner. */
const STEP = 24;
/** Writing is repeated, because pixels at black and white take only half of the change. */
const MOST_PASSES = 6;
/** Share of the step that a written bit may be off. */
const CLOSE = 0.08;

/** Side of the plane and the frequencies used, lowest and highest by distance from 0. */
interface Layout {
  readonly side: number;
  readonly low: number;
  readonly high: number;
}

/** Frequencies of a direction up to the highest. */
const keptOf = ({ high }: Layout): number => high + 1;

const LARGE: Layout = { side: 128, low: 10, high: 56 };
const SMALL: Layout = { side: 32, low: 3, high: 24 };
/** Pictures with a shorter side below it use the small plane; half of the smallest large picture is no smaller. */
const LARGE_FROM = 128;

export interface Watermark {
  /** 0 to 2²⁴ − 1. */
  readonly payload: number;
}

/** Shortest side of a picture that can carry a mark, pixels. */
const LEAST_SIDE = 32;

/** A copy of the picture with the payload in it; unmarked when a side is shorter than 32 pixels. @param payload 0 to 2²⁴ − 1. @throws RangeError for another one. */
export function writeWatermark<P extends Rgb>(picture: P, payload: number): P {
  const marked = { ...picture, data: new Uint8Array(picture.data) };
  markInPlace(marked, payload);
  return marked;
}

/** {@link writeWatermark} into the picture itself. */
export function markInPlace(picture: Rgb, payload: number): void {
  if (!Number.isInteger(payload) || payload < 0 || payload >= 2 ** PAYLOAD_BITS)
    throw new RangeError(`a watermark's payload has ${PAYLOAD_BITS} bits, not ${payload}`);
  const { width, height } = picture;
  if (Math.min(width, height) < LEAST_SIDE) return;
  const bits = codeBits(TAG * 2 ** PAYLOAD_BITS + payload);
  const layout = layoutOf(picture);
  const { side } = layout;
  const kept = keptOf(layout);
  const even = width % side === 0 && height % side === 0;
  let plane = lumaPlane(picture, side);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const coefficients = dct(plane, side, kept);
    const change = new Float64Array(kept * kept);
    let farthest = 0;
    for (const [i, { places, signs }] of carriers(layout).entries()) {
      const norm = Math.sqrt(places.length);
      const sum = projection(coefficients, places, signs);
      const off = nearest(sum, bits[i] as number) - sum;
      farthest = Math.max(farthest, Math.abs(off));
      for (const [k, place] of places.entries()) change[place] = (off * (signs[k] as number)) / norm;
    }
    if (farthest < CLOSE * STEP) break;
    const whole = inverseDct(change, side, kept).map(Math.round);
    const exact = addToCells(picture, side, whole);
    plane =
      even && exact ? plane.map((luma, cell) => luma + (whole[cell] as number)) : lumaPlane(picture, side);
  }
}

/** What is in the picture; undefined when there is no mark, or none that can be read. */
export function readWatermark(picture: Rgb): Watermark | undefined {
  const message = messageOf(readSoftBits(picture));
  if (message === undefined || Math.floor(message / 2 ** PAYLOAD_BITS) !== TAG) return undefined;
  return { payload: message % 2 ** PAYLOAD_BITS };
}

/** The embedded bits before error correction: −1 to 1 each, 0 for one that can't be told. */
export function readSoftBits(picture: Rgb): Float64Array {
  const layout = layoutOf(picture);
  const coefficients = dct(lumaPlane(picture, layout.side), layout.side, keptOf(layout));
  return Float64Array.from(
    carriers(layout),
    ({ places, signs }) =>
      // Multiples of the step mean −1, those half a step beside it 1.
      -Math.cos((2 * Math.PI * projection(coefficients, places, signs)) / STEP),
  );
}

const layoutOf = ({ width, height }: Rgb): Layout => (Math.min(width, height) >= LARGE_FROM ? LARGE : SMALL);

/** The value nearest to `sum` that means `bit`. */
function nearest(sum: number, bit: number): number {
  const shift = bit > 0 ? STEP / 2 : 0;
  return STEP * Math.round((sum - shift) / STEP) + shift;
}

function projection(coefficients: Float64Array, places: readonly number[], signs: readonly number[]): number {
  const sum = places.reduce(
    (total, place, k) => total + (coefficients[place] as number) * (signs[k] as number),
    0,
  );
  return sum / Math.sqrt(places.length);
}

interface Carrier {
  /** Frequencies of one bit, as places among the coefficients. */
  readonly places: readonly number[];
  /** −1 or 1 for each. */
  readonly signs: readonly number[];
}

const known = new Map<Layout, Carrier[]>();

/** Which frequencies carry which bit: dealt out at random, the same way each time. */
function carriers(layout: Layout): Carrier[] {
  const found = known.get(layout);
  if (found) return found;
  const { side, low, high } = layout;
  const kept = keptOf(layout);
  const band = Array.from({ length: kept * kept }, (_, place) => place).filter((place) => {
    const distance = Math.hypot(Math.floor(place / kept), place % kept);
    return distance >= low && distance <= high;
  });
  const random = createRandom(`watermark/${side}`);
  const dealt = random.sample(band, band.length);
  const each = Math.floor(dealt.length / CODE_BITS);
  const made = Array.from({ length: CODE_BITS }, (_, i) => {
    const places = dealt.slice(i * each, (i + 1) * each);
    return { places, signs: places.map(() => (random.chance(0.5) ? 1 : -1)) };
  });
  known.set(layout, made);
  return made;
}
