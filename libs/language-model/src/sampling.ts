/** Probabilities of tokens, and drawing one. */

/**
 * Probabilities of logits [vocabulary] at a temperature > 0: below 1 sharper, above 1 flatter. Plain loops: a callback for each of
 * thousands of tokens leaves as many boxed numbers behind, at every keystroke.
 */
export function softmax(logits: Float32Array, temperature = 1): Float32Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > most) most = logit;
  const weights = new Float32Array(logits.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = Math.exp(((logits[i] as number) - most) / temperature);
    weights[i] = weight;
    sum += weight;
  }
  for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] as number) / sum;
  return weights;
}

export interface SamplingOptions {
  /** Above 0; see softmax. */
  temperature: number;
  /** Share of the probability that is drawn from, above 0 to 1: the likeliest tokens that reach it together. */
  topP: number;
}

/**
 * The token at the share 0 ≤ u < 1 of the nucleus (Holtzman et al. 2020): so the same u draws the same token from
 * logits that differ by rounding.
 */
export function sample(logits: Float32Array, { temperature, topP }: SamplingOptions, u: number): number {
  const probabilities = softmax(logits, temperature);
  const order = Array.from(probabilities.keys()).sort(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number) || a - b,
  );
  const nucleus: number[] = [];
  let mass = 0;
  for (const id of order) {
    nucleus.push(id);
    mass += probabilities[id] as number;
    if (mass >= topP) break;
  }
  let rest = u * mass;
  for (const id of nucleus) {
    rest -= probabilities[id] as number;
    if (rest < 0) return id;
  }
  return nucleus.at(-1) as number;
}
