/** Fréchet distance between two sets of features (Heusel et al. 2017, eq. 6): |μ₁−μ₂|² + tr(C₁ + C₂ − 2(C₁C₂)^½). */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * Distance of two sets of equally long feature vectors; at least two vectors each. With Inception's features it is FID.
 *
 * C = AᵀA for the centred samples A over √(n−1), so C₁C₂ has the non-zero eigenvalues of MMᵀ with M = A₁A₂ᵀ: an n×n matrix, which
 * is the smaller one where there are fewer pictures than features. Otherwise the same of the symmetric C₁^½ C₂ C₁^½.
 */
export function frechetDistance(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  const [first, second] = [centred(a), centred(b)];
  const shift = first.mean.reduce((sum, value, i) => sum + (value - (second.mean[i] as number)) ** 2, 0);
  const traces = squares(first.samples) + squares(second.samples);
  return shift + traces - 2 * rootTrace(first.samples, second.samples);
}

interface Centred {
  readonly mean: number[];
  /** Rows are observations less their mean, over √(n−1). */
  readonly samples: Matrix;
}

function centred(vectors: readonly Float32Array[]): Centred {
  if (vectors.length < 2) throw new RangeError('a Fréchet distance needs two vectors or more on each side');
  const samples = new Matrix(vectors.map((vector) => [...vector]));
  const mean = samples.mean('column');
  return { mean, samples: samples.subRowVector(mean).div(Math.sqrt(vectors.length - 1)) };
}

/** Trace of AᵀA. */
const squares = (samples: Matrix): number => samples.norm('frobenius') ** 2;

/** tr((C₁C₂)^½). */
function rootTrace(first: Matrix, second: Matrix): number {
  const width = first.columns;
  const [small, large] = first.rows <= second.rows ? [first, second] : [second, first];
  if (small.rows < width) {
    const cross = small.mmul(large.transpose());
    return sumOfRoots(eigenvaluesOf(cross.mmul(cross.transpose())));
  }
  const root = symmetricRoot(covariance(first));
  return sumOfRoots(eigenvaluesOf(root.mmul(covariance(second)).mmul(root)));
}

const covariance = (samples: Matrix): Matrix => samples.transpose().mmul(samples);

const eigenvaluesOf = (symmetric: Matrix): number[] =>
  new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues;

const sumOfRoots = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);

function symmetricRoot(matrix: Matrix): Matrix {
  const decomposition = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const vectors = decomposition.eigenvectorMatrix;
  const roots = decomposition.realEigenvalues.map((value) => Math.sqrt(Math.max(0, value)));
  return vectors.mmul(Matrix.diag(roots)).mmul(vectors.transpose());
}
