/** Inception score (Salimans et al. 2016): how sure a classifier is of each picture, and how varied it finds them all. */

/**
 * exp of the mean Kullback–Leibler divergence of each picture's classes from all pictures' classes, averaged over `splits`
 * consecutive parts. 1: all alike or never sure; at most the number of classes. At least one picture a split.
 * @param probabilities of the classes, one vector a picture, each summing to 1.
 */
export function inceptionScore(
  probabilities: readonly Float64Array[],
  splits = 1,
): { mean: number; deviation: number } {
  const count = probabilities.length;
  if (count < splits || splits < 1)
    throw new RangeError(`${count} pictures are too few for ${splits} splits`);
  const scores = Array.from({ length: splits }, (_, i) =>
    scoreOf(probabilities.slice(Math.floor((i * count) / splits), Math.floor(((i + 1) * count) / splits))),
  );
  const mean = scores.reduce((sum, score) => sum + score, 0) / splits;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / splits;
  return { mean, deviation: Math.sqrt(variance) };
}

function scoreOf(part: readonly Float64Array[]): number {
  const classes = part[0]?.length ?? 0;
  const marginal = new Float64Array(classes);
  for (const picture of part)
    for (let k = 0; k < classes; k++)
      marginal[k] = (marginal[k] as number) + (picture[k] as number) / part.length;
  let divergence = 0;
  for (const picture of part)
    for (const [k, p] of picture.entries())
      if (p > 0) divergence += p * Math.log(p / (marginal[k] as number));
  return Math.exp(divergence / part.length);
}

/** Probabilities of logits. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exponentials = values.map((value) => Math.exp(value - most));
  const total = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / total);
}
