/**
 * Classifier-free guidance (Ho & Salimans 2022): out = negative + scale · (positive − negative), element by element.
 * @param outputs the network's answers, the negative (or empty) prompt's in the first half, the prompt's in the second.
 * @param scale 1 is the prompt's answer alone, above 1 leans further away from the negative.
 */
export function guide(outputs: Float32Array, scale: number, out: Float32Array): void {
  const half = outputs.length / 2;
  for (let i = 0; i < half; i++) {
    const negative = outputs[i] as number;
    out[i] = negative + scale * ((outputs[half + i] as number) - negative);
  }
}
