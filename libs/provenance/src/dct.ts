/** The orthonormal two-dimensional discrete cosine transform (DCT-II) of a square plane, and back. */

const matrices = new Map<number, Float64Array>();

/** Row k is the cosine of frequency k. */
function matrixOf(side: number): Float64Array {
  const known = matrices.get(side);
  if (known) return known;
  const matrix = new Float64Array(side * side);
  for (let k = 0; k < side; k++)
    for (let i = 0; i < side; i++)
      matrix[k * side + i] = Math.sqrt((k === 0 ? 1 : 2) / side) * Math.cos((Math.PI * (i + 0.5) * k) / side);
  matrices.set(side, matrix);
  return matrix;
}

/** Coefficients, vertical frequency first. */
export function dct(plane: Float64Array, side: number): Float64Array {
  const matrix = matrixOf(side);
  return product(product(matrix, plane, side, false), matrix, side, true);
}

export function inverseDct(coefficients: Float64Array, side: number): Float64Array {
  const matrix = matrixOf(side);
  return product(product(transposed(matrix, side), coefficients, side, false), matrix, side, false);
}

/** a·b, or a·bᵀ. */
function product(a: Float64Array, b: Float64Array, side: number, transpose: boolean): Float64Array {
  const right = transpose ? transposed(b, side) : b;
  const result = new Float64Array(side * side);
  for (let y = 0; y < side; y++)
    for (let k = 0; k < side; k++) {
      const factor = a[y * side + k] as number;
      if (factor === 0) continue;
      for (let x = 0; x < side; x++)
        result[y * side + x] = (result[y * side + x] as number) + factor * (right[k * side + x] as number);
    }
  return result;
}

function transposed(matrix: Float64Array, side: number): Float64Array {
  const result = new Float64Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) result[x * side + y] = matrix[y * side + x] as number;
  return result;
}
