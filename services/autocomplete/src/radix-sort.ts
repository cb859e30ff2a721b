/** Bits of a digit, and so how many values one has. */
const BITS = 13;
const RADIX = 2 ** BITS;

/**
 * Sorts whole numbers below 2^(13·digits), ascending, by their digits of base 8192, least first (Hollerith 1889): linear
 * in their count, where `sort` is not. At most 4 digits: beyond 2^53 numbers are not whole any more.
 * @returns the sorted numbers; `values` is overwritten.
 */
export function radixSort(values: Float64Array<ArrayBuffer>, digits: number): Float64Array<ArrayBuffer> {
  let from = values;
  let to = new Float64Array(values.length);
  const starts = new Uint32Array(RADIX);
  for (let digit = 0; digit < digits; digit++) {
    const scale = RADIX ** -digit; // powers of two, so products are exact
    starts.fill(0);
    for (let i = 0; i < from.length; i++) starts[digitOf(from[i] as number, scale)]!++;
    let sum = 0;
    for (let value = 0; value < RADIX; value++) {
      const count = starts[value] as number;
      starts[value] = sum;
      sum += count;
    }
    for (let i = 0; i < from.length; i++) {
      const value = from[i] as number;
      to[starts[digitOf(value, scale)]!++] = value;
    }
    [from, to] = [to, from];
  }
  return from;
}

function digitOf(value: number, scale: number): number {
  const shifted = Math.floor(value * scale);
  return shifted - Math.floor(shifted / RADIX) * RADIX;
}
