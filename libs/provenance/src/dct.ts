/**
 * The orthonormal two-dimensional discrete cosine transform (DCT-II) of a square plane, and back, for the lowest frequencies of
 * each direction alone: nobody pays for those that a caller doesn't look at.
 */

/** The cosines of the `kept` lowest frequencies at `side` places, one frequency a row; and transposed, one place a row. */
interface Cosines {
  readonly byFrequency: Float64Array;
  readonly byPlace: Float64Array;
}

const known = new Map<string, Cosines>();

function cosinesOf(side: number, kept: number): Cosines {
  const key = `${side}/${kept}`;
  const found = known.get(key);
  if (found) return found;
  const byFrequency = new Float64Array(kept * side);
  const byPlace = new Float64Array(side * kept);
  for (let k = 0; k < kept; k++)
    for (let i = 0; i < side; i++) {
      const value = Math.sqrt((k === 0 ? 1 : 2) / side) * Math.cos((Math.PI * (i + 0.5) * k) / side);
      byFrequency[k * side + i] = value;
      byPlace[i * kept + k] = value;
    }
  const made = { byFrequency, byPlace };
  known.set(key, made);
  return made;
}

/** [kept, kept] coefficients of a [side, side] plane, vertical frequency first. */
export function dct(plane: Float64Array, side: number, kept = side): Float64Array {
  const { byFrequency, byPlace } = cosinesOf(side, kept);
  return product(product(byFrequency, plane, side), byPlace, side);
}

/** The [side, side] plane of [kept, kept] coefficients; higher frequencies are 0. */
export function inverseDct(coefficients: Float64Array, side: number, kept = side): Float64Array {
  const { byFrequency, byPlace } = cosinesOf(side, kept);
  return product(product(byPlace, coefficients, kept), byFrequency, kept);
}

/** a·b of matrices by rows. @param inner columns of `a` and rows of `b`. */
function product(a: Float64Array, b: Float64Array, inner: number): Float64Array {
  const rows = a.length / inner;
  const columns = b.length / inner;
  const result = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const to = y * columns;
    for (let k = 0; k < inner; k++) {
      const factor = a[y * inner + k] as number;
      const from = k * columns;
      for (let x = 0; x < columns; x++)
        result[to + x] = (result[to + x] as number) + factor * (b[from + x] as number);
    }
  }
  return result;
}
