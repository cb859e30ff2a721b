/** How likely texts are under a causal language model: log-probabilities from its logits. */

/** Logits [rows, length, vocabulary] of a batch, row-major. */
export interface Logits {
  data: Float32Array;
  rows: number;
  length: number;
  vocabulary: number;
}

/**
 * For each row of token ids, the sum of log p(token | the tokens before) over the tokens from `from` (≥ 1) on, natural logarithm. Rows may
 * be shorter than the batch; what pads them is not looked at.
 */
export function logLikelihoods(logits: Logits, rows: readonly (readonly number[])[], from: number): number[] {
  return rows.map((ids, row) => {
    let sum = 0;
    for (let i = Math.max(1, from); i < ids.length; i++) {
      const start = (row * logits.length + i - 1) * logits.vocabulary;
      const scores = logits.data.subarray(start, start + logits.vocabulary);
      sum += (scores[ids[i] as number] ?? Number.NEGATIVE_INFINITY) - logSumExp(scores);
    }
    return sum;
  });
}

/** log Σ exp(x), without overflow. */
function logSumExp(values: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > max) max = value;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - max);
  return max + Math.log(sum);
}

/** How many first tokens all rows share. */
export function sharedLength(rows: readonly (readonly number[])[]): number {
  const [first = []] = rows;
  let length = 0;
  while (length < first.length && rows.every((row) => row[length] === first[length])) length++;
  return length;
}
