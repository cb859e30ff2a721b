/** Fréchet distance between two sets of features (Heusel et al. 2017, eq. 6): |μ₁−μ₂|² + tr(C₁ + C₂ − 2(C₁C₂)^½). */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

interface Gaussian {
  mean: number[];
  covariance: Matrix;
}

/** Distance of two sets of equally long feature vectors; at least two vectors each. */
export function frechetDistance(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  const [first, second] = [gaussianOf(a), gaussianOf(b)];
  const shift = first.mean.reduce((sum, value, i) => sum + (value - (second.mean[i] as number)) ** 2, 0);
  const root = symmetricRoot(first.covariance);
  // (C₁C₂)^½ has the eigenvalues of the symmetric C₁^½ C₂ C₁^½, whose trace is all that is needed.
  const product = root.mmul(second.covariance).mmul(root);
  const { realEigenvalues } = new EigenvalueDecomposition(product, { assumeSymmetric: true });
  const cross = realEigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return shift + first.covariance.trace() + second.covariance.trace() - 2 * cross;
}

function gaussianOf(vectors: readonly Float32Array[]): Gaussian {
  const samples = new Matrix(vectors.map((vector) => [...vector]));
  const mean = samples.mean('column');
  const centred = samples.subRowVector(mean);
  return {
    mean,
    covariance: centred
      .transpose()
      .mmul(centred)
      .div(vectors.length - 1),
  };
}

function symmetricRoot(matrix: Matrix): Matrix {
  const decomposition = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const vectors = decomposition.eigenvectorMatrix;
  const roots = decomposition.realEigenvalues.map((value) => Math.sqrt(Math.max(0, value)));
  return vectors.mmul(Matrix.diag(roots)).mmul(vectors.transpose());
}
