/** Vendi score (Friedman and Dieng 2023): how many different pictures there are, counting alike ones in part. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { cosineSimilarity } from './alignment.ts';

/** exp of the entropy of the eigenvalues of K/n, K the cosines between all pairs: 1 for n equal vectors, n for orthogonal ones. */
export function vendiScore(vectors: readonly Float32Array[]): number {
  const count = vectors.length;
  if (count === 0) throw new RangeError('the diversity of nothing');
  const kernel = new Matrix(vectors.map((a) => vectors.map((b) => cosineSimilarity(a, b) / count)));
  const { realEigenvalues } = new EigenvalueDecomposition(kernel, { assumeSymmetric: true });
  const entropy = realEigenvalues.reduce(
    (sum, value) => (value > 0 ? sum - value * Math.log(value) : sum),
    0,
  );
  return Math.exp(entropy);
}
